import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { invalidArgument, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { channelOf } from '../contacts/channel-message.js';
import { contactsById } from '../contacts/contact.store.js';
import { refusal } from '../errors.js';
import { agreeingTo } from '../permits/agreeing.js';
import { isStopped } from '../permits/stopped.store.js';
import { entryFilterOf, entryMessage, statusMessages } from './consent-message.js';
import { entriesBefore, statesOf, type Entry } from './consent.store.js';
import { GetOptOut } from './get-opt-out.js';
import { RecordConsent } from './record-consent.js';
import { RecordOptOut } from './record-opt-out.js';

@Controller()
@contactsV1.ConsentServiceControllerMethods()
export class ConsentGrpc implements contactsV1.ConsentServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly consents: RecordConsent,
    private readonly optOuts: RecordOptOut,
    private readonly gotten: GetOptOut,
  ) {}

  recordConsent(
    @Payload() request: contactsV1.RecordConsentRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.RecordConsentResponse> {
    return this.consents.record(caller, request);
  }

  recordOptOut(
    @Payload() request: contactsV1.RecordOptOutRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.RecordOptOutResponse> {
    return this.optOuts.record(caller, request);
  }

  getOptOut(
    @Payload() { entryId }: contactsV1.GetOptOutRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetOptOutResponse> {
    return this.gotten.get(caller, entryId);
  }

  async filterAgreeing(
    @Payload() request: contactsV1.FilterAgreeingRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.FilterAgreeingResponse> {
    const channel = channelOf(request.channel);
    if (channel === '') throw invalidArgument({ field: 'channel', reason: 'REQUIRED' });
    const whom = request.contactIds.map((contactId) => ({ contactId, channel }));
    const agreeing = await this.uow.run(caller.tenantId, (tx) => agreeingTo(tx, request.purpose, whom));
    return { contactIds: [...agreeing] };
  }

  async getConsent(
    @Payload() { contactId }: contactsV1.GetConsentRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetConsentResponse> {
    return this.uow.run(caller.tenantId, async (tx) => {
      if (!(await contactsById(tx, [contactId])).has(contactId)) throw refusal('CONTACT_NOT_FOUND');
      const states = (await statesOf(tx, [contactId])).get(contactId) ?? [];
      return { statuses: statusMessages(states), stopped: await isStopped(tx, contactId) };
    });
  }

  async listConsentEntries(
    @Payload() request: contactsV1.ListConsentEntriesRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ListConsentEntriesResponse> {
    const filter = entryFilterOf(request);
    const byEpoch = { of: (entry: Entry) => entry.epoch.toString(), isValid: isEpoch };
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, byEpoch, (before, limit) =>
        entriesBefore(tx, filter, before === undefined ? undefined : BigInt(before), limit),
      ),
    );
    return { entries: rows.map(entryMessage), nextPageToken };
  }
}

function isEpoch(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}
