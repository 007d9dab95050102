import { privacyV1 } from '@heed/contracts';
import { newId, type Caller, type Clock } from '@heed/kernel';
import { type Tx, type UnitOfWork } from '@heed/postgres';
import { type RpcClients } from '@heed/rpc';
import { type DueItem, type DueWork } from '../due-work.js';
import { forgetActs, keepAct, untoldActs } from './untold-act.store.js';

const QUEUE = 'tell-acts';
const MOST_ENTRIES = 500;

export interface TellActsParts {
  service: string;
  work: UnitOfWork;
  due: DueWork;
  clients: Pick<RpcClients, 'of'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * What members do goes into the audit log, which privacy keeps. Written with what it tells of, told afterwards for as
 * long as it takes: privacy may be away, and what was done has been done.
 */
export class TellActs {
  constructor(private readonly parts: TellActsParts) {
    parts.due.serve(QUEUE, (item) => this.send(item));
  }

  /** In the transaction of what is told. `aboutId` is what it was done to. */
  async tell(
    tx: Tx,
    { actorId, method: action }: Pick<Caller, 'actorId' | 'method'>,
    aboutId: string,
  ): Promise<void> {
    const { due, clock } = this.parts;
    await keepAct(tx, { entryId: newId(), actorId, action, aboutId, at: clock.now() });
    await due.add(tx, QUEUE, [tx.tenantId]);
  }

  private async send(item: DueItem): Promise<void> {
    const { work, clients, clock, service } = this.parts;
    const { tenantId } = item;
    const acts = await work.run(tenantId, (tx) => untoldActs(tx, MOST_ENTRIES));
    const entries = acts.map(({ entryId, actorId, action, aboutId: subjectId, at }) => {
      return { entryId, at: at.toISOString(), actorId, action, subjectId, service };
    });
    if (entries.length > 0) {
      // Absorbing: entries that are sent twice are taken once.
      await clients.of(privacyV1.AuditServiceService, 'privacy').recordAccess({ entries }, { tenantId });
    }
    await work.run(tenantId, async (tx) => {
      await forgetActs(
        tx,
        entries.map(({ entryId }) => entryId),
      );
      if (entries.length < MOST_ENTRIES) await item.done(tx);
      else await item.putOff(tx, clock.now());
    });
  }
}
