import { logger } from '@heed/telemetry';
import { type HeldPermit } from './held-permit.js';
import { type PermitsClient } from './permits-client.js';
import { notReturned } from './permit-uses.js';

const MOST_AT_ONCE = 500;

const log = logger({ component: 'permits' });

/**
 * Gives places under caps back. Nothing waits for it and nothing is tried again here: a place that stays taken keeps
 * somebody from being contacted for a while, which is the side to err on.
 */
export class PermitReturns {
  private waiting: HeldPermit[] = [];
  private sending: Promise<void> | undefined;

  constructor(private readonly client: Pick<PermitsClient, 'returnPermits'>) {}

  add(permit: HeldPermit): void {
    this.waiting.push(permit);
    this.sending ??= this.send();
  }

  /** What a batch releases one after another leaves together: a call under way gathers for the next. */
  private async send(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const { tenantId } = this.waiting[0]!;
      const isNext = (permit: HeldPermit, index: number): boolean =>
        permit.tenantId === tenantId && index < MOST_AT_ONCE;
      const batch = this.waiting.filter(isNext);
      this.waiting = this.waiting.filter((permit, index) => !isNext(permit, index));
      const permitIds = batch.map(({ proof }) => proof.permitId);
      try {
        await this.client.returnPermits({ permitIds }, { tenantId });
      } catch (error) {
        notReturned.add(batch.length);
        log.warn('places under caps could not be given back', { error, tenantId, count: batch.length });
      }
    }
    this.sending = undefined;
  }
}
