import { Injectable } from '@nestjs/common';
import { contactsV1, type privacyV1 } from '@heed/contracts';
import { invalidArgument, type Caller } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { refusal } from '../errors.js';
import { type SubjectKind } from './request.js';

/** Whom a request is about: the id that was given, or the one person known by what was given. */
@Injectable()
export class FindSubject {
  constructor(private readonly clients: RpcClients) {}

  async find(
    { tenantId, actorId }: Caller,
    kind: SubjectKind,
    { subjectId, email, phone }: privacyV1.CreateRequestRequest,
  ): Promise<string> {
    if (subjectId !== '') return subjectId;
    if (kind === 'member') throw invalidArgument({ field: 'subject_id', reason: 'REQUIRED_FOR_MEMBERS' });
    const asked = { emails: given(email), phones: given(phone) };
    if (asked.emails.length + asked.phones.length === 0) {
      throw invalidArgument({ field: 'subject_id', reason: 'REQUIRED_WITHOUT_ADDRESS' });
    }
    const contacts = this.clients.of(contactsV1.ContactsServiceService, 'contacts');
    const { contactIds } = await contacts.findSubjects(asked, { tenantId, onBehalfOf: actorId });
    const [only, ...others] = contactIds;
    if (only === undefined) throw refusal('SUBJECT_NOT_FOUND');
    if (others.length > 0)
      throw refusal('SUBJECT_AMBIGUOUS', { metadata: { subject_ids: contactIds.join(' ') } });
    return only;
  }
}

function given(value: string): string[] {
  return value.trim() === '' ? [] : [value.trim()];
}
