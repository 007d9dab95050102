import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Manifests } from '../manifests/manifests.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { lockPeople, lockRequests, openRequest, pinManifests, setState } from '../requests/request.store.js';
import { holdMessage, type Hold } from './hold.js';
import { endHold, heldAmong, holdById } from './hold.store.js';

/** Holds that end by themselves. */
export const HOLDS = 'holds';

/**
 * Ends a hold: a member releases it, or its time is over. An erasure that waited for it goes on in the same transaction,
 * unless another hold keeps its person. Stores that were declared while it waited must answer it too.
 */
@Injectable()
export class ReleaseHold implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly manifests: Manifests,
    private readonly issue: IssueOrders,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(HOLDS, (item) => this.expire(item));
  }

  async release(
    { tenantId, actorId, method }: Caller,
    { holdId }: privacyV1.ReleaseHoldRequest,
  ): Promise<privacyV1.ReleaseHoldResponse> {
    const manifests = await this.manifests.current(tenantId, 'ERASURE');
    return this.uow.run(tenantId, async (tx) => {
      const hold = await this.locked(tx, holdId);
      if (!hold) throw refusal('HOLD_NOT_FOUND');
      if (hold.releasedAt === null) await this.end(tx, hold, manifests, { by: actorId, action: method });
      return { hold: holdMessage((await holdById(tx, holdId))!) };
    });
  }

  private async expire(item: DueItem): Promise<void> {
    const { tenantId, ref: holdId } = item;
    const manifests = await this.manifests.current(tenantId, 'ERASURE');
    await this.uow.run(tenantId, async (tx) => {
      const hold = await this.locked(tx, holdId);
      if (hold?.releasedAt === null) await this.end(tx, hold, manifests, { by: null, action: 'hold ended' });
      await item.done(tx);
    });
  }

  private async locked(tx: Tx, holdId: string): Promise<Hold | undefined> {
    const found = await holdById(tx, holdId);
    if (!found) return undefined;
    await lockPeople(tx, [found.subjectId]);
    return holdById(tx, holdId);
  }

  private async end(
    tx: Tx,
    { holdId, subjectId }: Hold,
    manifests: readonly Manifest[],
    { by, action }: { by: string | null; action: string },
  ): Promise<void> {
    const at = this.clock.now();
    await endHold(tx, holdId, at, by);
    await this.audit.recordIn(tx, [
      { entryId: newId(), at, actorId: by ?? 'privacy', action, subjectId, service: 'privacy' },
    ]);
    if ((await heldAmong(tx, [subjectId])).size > 0) return;
    const open = await openRequest(tx, subjectId, 'ERASURE');
    if (!open) return;
    const [erasure] = await lockRequests(tx, [open.requestId]);
    if (erasure?.state !== 'HELD') return;
    await pinManifests(tx, [erasure.requestId], manifests);
    await setState(tx, [erasure.requestId], 'FANNED_OUT');
    await this.issue.order(tx, 'ERASE', [erasure]);
  }
}
