import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import {
  isRemoved,
  lockHit,
  resolveHit,
  withOpenHits,
  type ProbeHit,
  type Resolution,
} from './found.store.js';
import { Needles } from './needles.js';
import { sweepAgain, sweptOnce } from './sweep.store.js';

/**
 * What a person found out about a place. Of whom something was removed the next sweep searches again; of whom nothing was
 * theirs nothing is kept any more.
 */
@Injectable()
export class ResolveHit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly needles: Needles,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  resolve(
    { tenantId, actorId, method: action }: Caller,
    hitId: string,
    said: { resolution: Resolution; reason: string },
  ): Promise<ProbeHit> {
    return this.uow.run(tenantId, async (tx) => {
      const hit = await lockHit(tx, hitId);
      if (!hit) throw refusal('HIT_NOT_FOUND');
      if (hit.resolution === said.resolution && hit.reason === said.reason) return hit;
      if (hit.resolution !== null) throw refusal('HIT_RESOLVED');
      const at = this.clock.now();
      await resolveHit(tx, hitId, { ...said, by: actorId, at });
      await this.audit.recordIn(tx, [{ entryId: newId(), at, actorId, action, service: 'privacy' }]);
      const { requestId } = hit;
      if (!(await withOpenHits(tx, [requestId])).has(requestId)) {
        if (await isRemoved(tx, hit)) await sweepAgain(tx, requestId);
        else {
          await this.needles.forget(tx, [requestId]);
          await sweptOnce(tx, [requestId]);
        }
      }
      return { ...hit, ...said, resolvedBy: actorId, resolvedAt: at };
    });
  }
}
