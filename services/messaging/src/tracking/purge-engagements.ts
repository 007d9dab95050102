import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { EngagementStore } from './engagement.store.js';

const HOUR_MS = 3_600_000;
const AT_ONCE = 500;

const log = logger({ component: 'tracking' });

/** Removes opens and clicks whose days are over. What campaigns has counted of them stays: it names nobody. */
@Injectable()
export class PurgeEngagements implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly tenants: SendingTenantStore,
    private readonly store: EngagementStore,
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
      await this.purge().catch((error: unknown) => log.error('opens and clicks not purged', { error }));
      await this.clock.wait(HOUR_MS, signal).catch(() => undefined);
    }
  }

  /** True: there may be more. */
  private async purgeSome(tenantId: string): Promise<boolean> {
    const at = this.clock.now();
    const removed = await this.uow.run(tenantId, (tx) => this.store.removeExpired(tx, at, AT_ONCE));
    return removed === AT_ONCE;
  }
}
