import { Injectable } from '@nestjs/common';
import { type identityV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { TellAudit } from '../audit/tell-audit.js';
import { messageOf } from './member-message.js';
import { failuresOf, memberById, saveFailures } from './member.store.js';

/** Opens an account before its time: its person stands at the door, and somebody who staffs the tenant knows them. */
@Injectable()
export class UnlockMember {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly audit: TellAudit,
  ) {}

  unlock(caller: Caller, memberId: string): Promise<identityV1.Member> {
    return this.uow.run(caller.tenantId, async (tx) => {
      // Locks the row: a failure that is counted at the same moment comes before or after, whole.
      if (((await failuresOf(tx, memberId)) ?? 0) > 0) {
        await saveFailures(tx, memberId, 0, null);
        await this.audit.tell(tx, caller, memberId);
      }
      return messageOf(await memberById(tx, memberId));
    });
  }
}
