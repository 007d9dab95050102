import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger, metrics } from '@heed/telemetry';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { DenyStore } from './deny.store.js';
import { InboundMailStore } from './inbound-mail.store.js';
import { ProviderEventStore } from './provider-event.store.js';
import { ResolveDoubt } from './resolve-doubt.js';

const HOUR_MS = 3_600_000;
const AT_ONCE = 500;
const EVENTS_KEPT_MS = 30 * 24 * HOUR_MS;

const log = logger({ component: 'inbound' });
const overdue = metrics.counter('heed_replies_undecided_total', {
  description:
    'Doubts that nobody decided in time: they became opt-outs. Alarm on any: somebody does not look',
});

/** Ends what came back by mail when its days are over. What nobody has decided by then is taken for a no. */
@Injectable()
export class PurgeMails implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly tenants: SendingTenantStore,
    private readonly mails: InboundMailStore,
    private readonly denies: DenyStore,
    private readonly events: ProviderEventStore,
    private readonly doubts: ResolveDoubt,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async purge(): Promise<void> {
    const tenants = await this.uow.runAcross('service', (tx) => this.tenants.all(tx));
    for (const tenantId of tenants) while (await this.purgeSome(tenantId));
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.purge().catch((error: unknown) => log.error('mails that came back not purged', { error }));
      await this.clock.wait(HOUR_MS, signal).catch(() => undefined);
    }
  }

  /** True: there may be more. */
  private purgeSome(tenantId: string): Promise<boolean> {
    return this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      const expired = await this.mails.expired(tx, at, AT_ONCE);
      const undecided = expired.filter(({ isUndecided }) => isUndecided);
      // Its row stays until contacts has recorded it, and goes the next time.
      for (const { mailId } of undecided) await this.doubts.resolve(tx, mailId, 'opt_out');
      await this.mails.remove(
        tx,
        expired.filter(({ isUndecided }) => !isUndecided).map(({ mailId }) => mailId),
      );
      await this.denies.removeEnded(tx, at);
      await this.events.forget(tx, new Date(at.getTime() - EVENTS_KEPT_MS));
      if (undecided.length > 0) tx.afterCommit(() => overdue.add(undecided.length));
      return expired.length === AT_ONCE;
    });
  }
}
