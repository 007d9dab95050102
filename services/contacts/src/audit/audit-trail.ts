import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { forgetAccess, recordAccess, waitingAccess } from './access-entry.store.js';
import { insertChange } from './change-entry.store.js';

const QUEUE = 'tell-audit';
const MOST_ENTRIES = 500;

/**
 * Who saw whom and who changed what goes into the audit log, which privacy keeps. Written with what it tells of, told
 * afterwards for as long as it takes: privacy may be away.
 */
@Injectable()
export class AuditTrail implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    private readonly clients: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(QUEUE, (item) => this.send(item));
  }

  /** In the transaction of what is told. Returns the entry's id. */
  async tell(tx: Tx, { actorId, method: action }: Caller, aboutId: string): Promise<string> {
    const entryId = newId();
    await recordAccess(tx, { entryId, contactId: aboutId, actorId, action, at: this.clock.now() });
    await this.due.add(tx, QUEUE, [tx.tenantId]);
    return entryId;
  }

  /** The same of something that has content: what it was, and what it is. Nothing where nothing was changed. */
  async tellChange(
    tx: Tx,
    caller: Caller,
    { aboutId, before, after }: { aboutId: string; before: object | undefined; after: object },
  ): Promise<void> {
    const [was, is] = [before ? JSON.stringify(before) : '', JSON.stringify(after)];
    if (was === is) return;
    const entryId = await this.tell(tx, caller, aboutId);
    const { actorId, method: action } = caller;
    await insertChange(tx, {
      ...{ entryId, actorId, action, aboutId, before: was, after: is },
      at: this.clock.now(),
    });
  }

  private async send(item: DueItem): Promise<void> {
    const { tenantId } = item;
    const waiting = await this.uow.run(tenantId, (tx) => waitingAccess(tx, MOST_ENTRIES));
    const entries = waiting.map(({ entryId, contactId: subjectId, actorId, action, at }) => {
      return { entryId, at: at.toISOString(), actorId, action, subjectId, service: 'contacts' };
    });
    if (entries.length > 0) {
      // Absorbing: entries that are sent twice are taken once.
      await this.clients.of(privacyV1.AuditServiceService, 'privacy').recordAccess({ entries }, { tenantId });
    }
    await this.uow.run(tenantId, async (tx) => {
      await forgetAccess(
        tx,
        entries.map(({ entryId }) => entryId),
      );
      if (entries.length < MOST_ENTRIES) await item.done(tx);
      else await item.putOff(tx, this.clock.now());
    });
  }
}
