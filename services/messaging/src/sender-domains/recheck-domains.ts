import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { SendingTenantStore } from '../dispatch/sending-tenant.store.js';
import { SenderDomainStore } from './sender-domain.store.js';
import { VerifyDomain } from './verify-domain.js';

const LOOK_MS = 600_000;
/** Another process takes what this one took and did not come to the end with. */
const TAKEN_MS = 600_000;
const AT_ONCE = 50;

const log = logger({ component: 'sender-domains' });

/** Looks at domains again whose time has come: a record that somebody took away is noticed within a day. */
@Injectable()
export class RecheckDomains implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly tenants: SendingTenantStore,
    private readonly store: SenderDomainStore,
    private readonly verifying: VerifyDomain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  async recheck(): Promise<void> {
    const tenants = await this.uow.runAcross('service', (tx) => this.tenants.all(tx));
    for (const tenantId of tenants) {
      if (this.stopping.signal.aborted) return;
      const at = this.clock.now();
      const until = new Date(at.getTime() + TAKEN_MS);
      const due = await this.uow.run(tenantId, (tx) => this.store.takeDue(tx, at, until, AT_ONCE));
      for (const senderDomainId of due) await this.again(tenantId, senderDomainId);
    }
  }

  private async again(tenantId: string, senderDomainId: string): Promise<void> {
    try {
      await this.verifying.verify(tenantId, senderDomainId);
    } catch (error) {
      // Deleted meanwhile.
      if (!isDomainError(error) || error.kind !== 'not-found') throw error;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.recheck().catch((error: unknown) => log.error('sender domains not looked at', { error }));
      await this.clock.wait(LOOK_MS, signal).catch(() => undefined);
    }
  }
}
