import { Inject, Injectable } from '@nestjs/common';
import { type privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Identifiers } from '../requests/identifiers.js';
import { subjectOfHandle } from '../requests/identifiers.store.js';

/** Addresses of a person whose request waits for this participant, and of nobody else. */
@Injectable()
export class GiveIdentifiers {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly identifiers: Identifiers,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async give(
    { tenantId, actorId, method: action }: Caller,
    handle: string,
  ): Promise<privacyV1.GetSubjectIdentifiersResponse> {
    const subjectId = await this.uow.run(tenantId, (tx) => subjectOfHandle(tx, handle, actorId));
    if (!subjectId) throw refusal('HANDLE_NOT_FOUND');
    const found = await this.identifiers.byHandle(tenantId, handle);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
    ]);
    return {
      emails: found.filter(({ channel }) => channel === 'email').map(({ address }) => address),
      phones: found.filter(({ channel }) => channel === 'voice').map(({ address }) => address),
    };
  }
}
