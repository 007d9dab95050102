import { type Clock, isDomainError } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { type SmtpSlot } from './smtp-slot.js';

const log = logger({ component: 'slots' });

/** The connections of this process to the mail server. As many messages leave at once, and no more are asked for. */
export class Slots {
  private readonly free: SmtpSlot[];
  private freed: () => void = () => undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly all: readonly SmtpSlot[],
    private readonly clock: Pick<Clock, 'wait'>,
  ) {
    this.free = [...all];
  }

  get count(): number {
    return this.all.length;
  }

  get freeCount(): number {
    return this.free.length;
  }

  onFreed(listener: () => void): void {
    this.freed = listener;
  }

  /** Up to so many. Each is given back by whoever has it. */
  take(most: number): SmtpSlot[] {
    return this.free.splice(-most, most);
  }

  /** One that the server turned away rests first. */
  giveBack(slot: SmtpSlot): void {
    if (slot.restMs === 0) return this.isFree(slot);
    void this.clock.wait(slot.restMs, this.closing.signal).then(
      () => this.isFree(slot),
      () => undefined,
    );
  }

  /** Those that are connected, greeted and signed in; the others are given back. */
  async readied(taken: readonly SmtpSlot[]): Promise<SmtpSlot[]> {
    const outcomes = await Promise.allSettled(taken.map((slot) => slot.ready()));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) {
      const reason = isDomainError(failure.reason) ? failure.reason.reason : 'MAIL_SERVER_UNAVAILABLE';
      log.warn('the mail server takes no connection', { reason });
    }
    return taken.filter((slot, index) => {
      if (outcomes[index]!.status === 'fulfilled') return true;
      this.giveBack(slot);
      return false;
    });
  }

  close(): void {
    this.closing.abort();
    for (const slot of this.all) slot.close();
  }

  private isFree(slot: SmtpSlot): void {
    this.free.push(slot);
    this.freed();
  }
}
