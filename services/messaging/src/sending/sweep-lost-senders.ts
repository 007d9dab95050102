import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger, metrics } from '@heed/telemetry';
import { AnnounceConclusions } from '../dispatch/announce-conclusions.js';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { InHandStore } from './in-hand.store.js';
import { LostSenders } from './lost-senders.js';

const LOOK_MS = 1_000;

const log = logger({ component: 'sweeper' });
const orphaned = metrics.counter('heed_attempts_orphaned_total', {
  description: 'Attempts that a sender which is no more had armed: nobody can tell whether they were sent',
});

/**
 * Watches the other senders. What one that fell silent had armed becomes `unknown`, and nobody sends it again; what it
 * had only claimed waits again. First it loses the right to conclude, then its attempts are concluded: whoever wakes up
 * in between finds itself without a name.
 */
@Injectable()
export class SweepLostSenders {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly lost: LostSenders,
    private readonly uow: UnitOfWork,
    private readonly tenants: SendingTenantStore,
    private readonly inHand: InHandStore,
    private readonly announce: AnnounceConclusions,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.sweep();
      } catch (error) {
        log.warn('lost senders could not be looked for', { error });
      }
      await this.clock.wait(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async sweep(): Promise<void> {
    const lost = await this.lost.find();
    if (lost.length === 0) return;
    const tenants = await this.uow.runAcross('service', (tx) => this.tenants.all(tx));
    for (const tenantId of tenants) await this.sweepTenant(tenantId, lost);
    await this.lost.swept(lost);
  }

  private async sweepTenant(tenantId: string, senderIds: readonly string[]): Promise<void> {
    const count = await this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      const concluded = await this.inHand.sweep(tx, senderIds, at);
      await this.announce.of(tx, concluded, at);
      return concluded.length;
    });
    if (count === 0) return;
    orphaned.add(count);
    log.warn('a sender was lost: what it had armed is unknown now', { tenantId, count });
  }
}
