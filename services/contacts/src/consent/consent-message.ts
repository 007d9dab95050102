import { contactsV1 } from '@heed/contracts';
import { timeSpan } from '@heed/kernel';
import { channelOf, numberOf } from '../contacts/channel-message.js';
import { type DueConfirmation } from './confirmation.store.js';
import { decisive, type ConsentState, type ConsentValue, type Source } from './consent.js';
import { type Entry, type EntryFilter } from './consent.store.js';
import { senderId } from './sender.js';

const STATES: Record<ConsentValue, contactsV1.ConsentState> = {
  granted: contactsV1.ConsentState.CONSENT_STATE_GRANTED,
  opted_out: contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT,
};

const SOURCES: Record<Source, contactsV1.ConsentSource> = {
  import: contactsV1.ConsentSource.CONSENT_SOURCE_IMPORT,
  one_click: contactsV1.ConsentSource.CONSENT_SOURCE_ONE_CLICK,
  page: contactsV1.ConsentSource.CONSENT_SOURCE_PAGE,
  agent: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
  api: contactsV1.ConsentSource.CONSENT_SOURCE_API,
  request: contactsV1.ConsentSource.CONSENT_SOURCE_REQUEST,
  reply: contactsV1.ConsentSource.CONSENT_SOURCE_REPLY,
  mailto: contactsV1.ConsentSource.CONSENT_SOURCE_MAILTO,
  complaint: contactsV1.ConsentSource.CONSENT_SOURCE_COMPLAINT,
  carrier: contactsV1.ConsentSource.CONSENT_SOURCE_CARRIER,
  key: contactsV1.ConsentSource.CONSENT_SOURCE_KEY,
  sign_up: contactsV1.ConsentSource.CONSENT_SOURCE_SIGN_UP,
};

export function sourceNumber(source: Source): contactsV1.ConsentSource {
  return SOURCES[source];
}

export function sourceOf(number: contactsV1.ConsentSource): Source | undefined {
  return (Object.keys(SOURCES) as Source[]).find((source) => SOURCES[source] === number);
}

export function entryMessage(entry: Entry): contactsV1.ConsentEntry {
  return {
    entryId: entry.entryId,
    contactId: entry.contactId,
    channel: numberOf(entry.channel),
    purpose: entry.purpose,
    state: STATES[entry.state],
    basis: entry.basis ?? '',
    source: SOURCES[entry.source],
    epoch: entry.epoch,
    saidAt: entry.saidAt.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
    recordedBy: entry.recordedBy ?? '',
    sender: entry.sender,
  };
}

export function entryFilterOf(request: contactsV1.ListConsentEntriesRequest): EntryFilter {
  return {
    contactId: request.contactId,
    channel: channelOf(request.channel),
    purpose: request.purpose,
    state: (Object.keys(STATES) as ConsentValue[]).find((state) => STATES[state] === request.state),
    recorded: timeSpan('recorded', request.recordedAfter, request.recordedBefore),
  };
}

/** What others learn: the state after. Ids, enums and times, and a purpose of the declared pattern. */
export function changeOf(tenantId: string, entry: Entry): contactsV1.ConsentChanged {
  return {
    contactId: entry.contactId,
    channel: numberOf(entry.channel),
    purpose: entry.purpose,
    state: STATES[entry.state],
    epoch: entry.epoch,
    entryId: entry.entryId,
    recordedAt: entry.recordedAt.toISOString(),
    senderId: senderId(tenantId, entry.sender),
  };
}

/** Which message would say so, and until when. */
export function confirmationMessage({
  attemptId,
  contactId,
  channel,
  purpose,
  confirmBy,
  language,
}: DueConfirmation): contactsV1.OptOutConfirmationDue {
  const by = confirmBy.toISOString();
  return { attemptId, contactId, channel: numberOf(channel), purpose, confirmBy: by, language };
}

/** What holds now in each scope that was ever spoken of: a general opt-out shows in every scope that it ended. */
export function statusMessages(states: readonly ConsentState[]): contactsV1.ConsentStatus[] {
  return states.map((scope) => {
    const last = decisive(states, scope) ?? scope;
    return {
      channel: numberOf(scope.channel),
      ...{ purpose: scope.purpose, sender: scope.sender },
      state: STATES[last.state],
      entryId: last.entryId,
      since: last.since.toISOString(),
    };
  });
}
