import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Corrections } from '../requests/corrections.js';
import { subjectOfHandle } from '../requests/identifiers.store.js';

/** What an open request corrects that waits for this participant, and of no other. */
@Injectable()
export class GiveCorrections {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly corrections: Corrections,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async give(
    { tenantId, actorId, method: action }: Caller,
    handle: string,
  ): Promise<privacyV1.GetSubjectCorrectionsResponse> {
    const isAsked = await this.uow.run(tenantId, (tx) => subjectOfHandle(tx, handle, actorId));
    if (!isAsked) throw refusal('HANDLE_NOT_FOUND');
    const { subjectId, corrections } = await this.corrections.byHandle(tenantId, handle);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
    ]);
    return { corrections };
  }
}
