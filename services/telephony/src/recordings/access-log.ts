import { Inject, Injectable } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { AccessEntryStore } from './access-entry.store.js';

const MOST_ENTRIES = 500;

/** Who listened to whom, or decided what somebody meant. privacy is told at once; what it could not take waits, and goes with the tenant's next entry. */
@Injectable()
export class AccessLog {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly entries: AccessEntryStore,
    private readonly clients: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async record(caller: Caller, contactId: string): Promise<void> {
    await this.uow.run(caller.tenantId, (tx) => this.recordIn(tx, caller, contactId));
  }

  /** Together with what was done. */
  async recordIn(tx: Tx, { actorId, method: action }: Caller, contactId: string): Promise<void> {
    await this.entries.add(tx, { entryId: newId(), contactId, actorId, action, at: this.clock.now() });
    tx.afterCommit(() => void this.tellPrivacy(tx.tenantId));
  }

  private async tellPrivacy(tenantId: string): Promise<void> {
    try {
      const waiting = await this.uow.run(tenantId, (tx) => this.entries.waiting(tx, MOST_ENTRIES));
      const entries = waiting.map(({ entryId, contactId, actorId, action, at }) => {
        return { entryId, at: at.toISOString(), actorId, action, subjectId: contactId, service: 'telephony' };
      });
      if (entries.length === 0) return;
      const audit = this.clients.of(privacyV1.AuditServiceService, 'privacy');
      // Absorbing: entries that two of us send at once are taken once.
      await audit.recordAccess({ entries }, { tenantId });
      const ids = entries.map(({ entryId }) => entryId);
      await this.uow.run(tenantId, (tx) => this.entries.forget(tx, ids));
    } catch (error) {
      this.log.warn('privacy did not take who listened to whom: the entries wait', { tenantId, error });
    }
  }
}
