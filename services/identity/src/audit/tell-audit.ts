import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { addDue, dueEntries, forgetDue } from './audit-due.store.js';

const QUEUE = 'tell-audit';
const MOST_ENTRIES = 500;

/**
 * What was done to keys and accounts goes into the audit log, which privacy keeps. Written with what it tells of, told
 * afterwards for as long as it takes: privacy may be away, and what was done has been done.
 */
@Injectable()
export class TellAudit implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    private readonly clients: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(QUEUE, (item) => this.send(item));
  }

  /** In the transaction of what is told. */
  async tell(tx: Tx, { actorId, method: action }: Caller, aboutId: string): Promise<void> {
    await addDue(tx, { entryId: newId(), actorId, action, aboutId, at: this.clock.now() });
    await this.due.add(tx, QUEUE, [tx.tenantId]);
  }

  private async send(item: DueItem): Promise<void> {
    const { tenantId } = item;
    const waiting = await this.uow.run(tenantId, (tx) => dueEntries(tx, MOST_ENTRIES));
    const entries = waiting.map(({ entryId, actorId, action, aboutId, at }) => {
      return { entryId, at: at.toISOString(), actorId, action, subjectId: aboutId, service: 'identity' };
    });
    if (entries.length > 0) {
      // Absorbing: entries that are sent twice are taken once.
      await this.clients.of(privacyV1.AuditServiceService, 'privacy').recordAccess({ entries }, { tenantId });
    }
    await this.uow.run(tenantId, async (tx) => {
      await forgetDue(
        tx,
        entries.map(({ entryId }) => entryId),
      );
      if (entries.length < MOST_ENTRIES) await item.done(tx);
      else await item.putOff(tx, this.clock.now());
    });
  }
}
