import { Inject, Injectable } from '@nestjs/common';
import { ALL_OUTREACH, ConsentChanged, contactsV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { addSubjects, lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { channelOf } from '../contacts/channel-message.js';
import { contactsById } from '../contacts/contact.store.js';
import { refusal } from '../errors.js';
import { changeOf, entryMessage } from './consent-message.js';
import { isBasis, judgeConsent } from './consent.js';
import { appendEntries, keepEvidence, nextEpoch, statesOf, type Entry } from './consent.store.js';
import { Evidence } from './evidence.js';
import { scopeWithSender } from './sender.js';

/** SPEC: RFC 3339, with a zone. */
const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** A member heard a person agree. */
@Injectable()
export class RecordConsent {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly evidence: Evidence,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    caller: Caller,
    request: contactsV1.RecordConsentRequest,
  ): Promise<contactsV1.RecordConsentResponse> {
    if (request.purpose === ALL_OUTREACH) {
      throw invalidArgument({ field: 'purpose', reason: 'PURPOSE_RESERVED' });
    }
    const at = this.clock.now();
    const saidAt = saidAtOf(request.saidAt, at);
    const { contactId, requestId } = request;
    await this.demandContact(caller.tenantId, contactId);
    const entryId = newId();
    const evidence = await this.evidence.seal(caller.tenantId, contactId, entryId, request.evidence);
    const content = contactsV1.RecordConsentRequest.encode(request).finish();
    return this.uow.run(
      caller.tenantId,
      (tx) =>
        this.replay.once(tx, caller, requestId, content, contactsV1.RecordConsentResponse, async () => {
          const entry = await this.append(tx, { entryId, saidAt, at, evidence }, request, caller);
          await this.outbox.add(tx, ConsentChanged, changeOf(tx.tenantId, entry), { sequence: entry.epoch });
          return { entry: entryMessage(entry) };
        }),
      { priority: 'consent' },
    );
  }

  private async append(
    tx: Tx,
    said: { entryId: string; saidAt: Date; at: Date; evidence: Buffer | undefined },
    { contactId, channel, purpose, basis, sender }: contactsV1.RecordConsentRequest,
    caller: Caller,
  ): Promise<Entry> {
    const heardBy = caller.actorId;
    await addSubjects(tx, [heardBy], 'member');
    const living = await lockSubjects(tx, [contactId, heardBy]);
    if (!living.has(contactId)) throw refusal('SUBJECT_ERASED');
    const epoch = await nextEpoch(tx, contactId);
    const scope = scopeWithSender(channelOf(channel), purpose, sender);
    const states = (await statesOf(tx, [contactId])).get(contactId) ?? [];
    if (judgeConsent(states, scope, said.saidAt) === 'older_than_opt_out') {
      throw refusal('CONSENT_OLDER_THAN_OPT_OUT');
    }
    const entry = {
      ...{ entryId: said.entryId, contactId, ...scope, state: 'granted' as const, source: 'agent' as const },
      ...{ basis: isBasis(basis) ? basis : undefined, epoch, saidAt: said.saidAt },
      recordedBy: living.has(heardBy) ? heardBy : undefined,
    };
    await appendEntries(tx, [{ ...entry, origin: undefined }], said.at);
    if (said.evidence) await keepEvidence(tx, entry, said.evidence, said.at);
    return { ...entry, recordedAt: said.at };
  }

  /** Before a key is made to seal the evidence: nobody who is unknown gets one. */
  private async demandContact(tenantId: string, contactId: string): Promise<void> {
    const known = await this.uow.run(tenantId, (tx) => contactsById(tx, [contactId]));
    if (!known.has(contactId)) throw refusal('CONTACT_NOT_FOUND');
  }
}

function saidAtOf(text: string, now: Date): Date {
  if (text === '') return now;
  const saidAt = new Date(text);
  if (!TIME.test(text) || Number.isNaN(saidAt.getTime())) {
    throw invalidArgument({ field: 'said_at', reason: 'NOT_A_TIME' });
  }
  if (saidAt > now) throw invalidArgument({ field: 'said_at', reason: 'IN_THE_FUTURE' });
  return saidAt;
}
