import { type HeedClient } from '@heed/client';
import { contactsV1, telephonyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PURPOSE } from '../example/example-contacts.js';
import { type Cast, type Stage } from '../stage.js';

/** Step 3: one recorded call to the person who will be erased. Says how long it was and how large its recording. */
export async function callPerson(
  { expect }: Stage,
  { agent, officer }: Cast,
  contactId: string,
): Promise<{ durationMs: number; recordingBytes: number }> {
  const { call: placed } = await agent.calls.placeCall({
    requestId: newId(),
    contactId,
    purpose: PURPOSE,
    record: true,
  });
  const callId = placed!.callId;
  let last = placed!;
  for await (const { call } of agent.calls.watchCall({ callId })) if (call) last = call;
  expect.equal('call: state', last.state, telephonyV1.CallState.CALL_STATE_ENDED);
  expect.that(last.permitId !== '', 'call: it was made without a permit');
  expect.that(last.recorded, 'call: no recording was kept');
  return { durationMs: Number(last.durationMs), recordingBytes: await recordingSize(officer, callId) };
}

async function recordingSize(officer: HeedClient, callId: string): Promise<number> {
  let bytes = 0;
  for await (const { chunk } of officer.calls.streamRecording({ callId })) bytes += chunk.length;
  return bytes;
}

/** Id of the one contact with this address. */
export async function findContact(client: HeedClient, address: string): Promise<string> {
  const contacts = await contactsAt(client, address);
  const [found, another] = contacts;
  if (!found || another) throw new Error(`${contacts.length} contacts have the address that one should have`);
  return found.contactId;
}

/** Two at most. */
export async function contactsAt(client: HeedClient, address: string): Promise<contactsV1.Contact[]> {
  const asked = contactsV1.ListContactsRequest.fromPartial({ pageSize: 2, address });
  return (await client.contacts.listContacts(asked)).contacts;
}
