import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile, type HeedClient, signIn } from '@heed/client';
import { campaignsV1, contactsV1, datarightsV1, privacyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Installation, PASSWORD } from './installation.js';
import { answerAndBounce, sendSingle } from './mail-features.js';
import { BROKEN, MEMBER, PERSON } from './person.js';

const PURPOSE = 'news';

/** The person goes through every feature that there is. Answers their id and a piece of their recording. */
export async function throughEveryFeature(
  installation: Installation,
  staff: HeedClient,
  slug: string,
): Promise<{ contactId: string; memberId: string; spoken: Buffer }> {
  const { list } = await staff.lists.createList({ requestId: newId(), name: 'Everybody' });
  const listId = list!.listId;
  await importPerson(staff, listId);
  const contactId = await find(staff);
  await agree(staff, contactId);
  await staff.contacts.revealContact({ contactId });
  await sendMail(staff, listId);
  await sendSingle(staff, contactId);
  const spoken = await call(staff, contactId);
  const memberId = await joinAndSignIn(installation, staff, slug);
  await ask(staff, privacyV1.Right.RIGHT_ACCESS, {
    ...{ email: PERSON.email, phone: PERSON.phone, replyTo: PERSON.email },
  });
  await correct(staff, contactId);
  await answerAndBounce(installation, staff, contactId);
  await sayNo(installation, staff, contactId);
  return { contactId, memberId, spoken };
}

async function importPerson(staff: HeedClient, listId: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-canary-'));
  const file = join(folder, 'people.csv');
  const { firstName, lastName, email, phone, source } = PERSON;
  const rows = [
    'email,phone,first_name,last_name,country,consent_purpose,consent_channel,consent_basis,consent_at,consent_source',
    `${email},(415) 555-0142,${firstName},${lastName},US,${PURPOSE},email;voice,consent,2026-01-01,${source}`,
    `${BROKEN.rejectedEmail},${phone},${BROKEN.rejectedName},${lastName},US,,,,,`,
    `${email},,${BROKEN.rejectedName},,US,,,,,`,
    `,,${BROKEN.addressless},,US,,,,,`,
  ];
  writeFileSync(file, `${rows.join('\n')}\n`, { mode: 0o600 });
  const importId = await importFile(staff, listId, file);
  rmSync(folder, { recursive: true });
  let last: contactsV1.Import | undefined;
  for await (const { import: now } of staff.imports.watchImport({ importId })) last = now;
  if (last?.accepted !== 1n || last.rejected !== 3n)
    throw new Error('the file was not taken as it was meant');
  await (
    await staff.http('contacts', { method: 'GET', path: `/v1/imports/${importId}/rejected.csv` })
  ).text();
}

async function find(staff: HeedClient): Promise<string> {
  const { contacts } = await staff.contacts.listContacts(
    contactsV1.ListContactsRequest.fromPartial({ pageSize: 2, address: PERSON.email }),
  );
  return contacts[0]!.contactId;
}

async function agree(staff: HeedClient, contactId: string): Promise<void> {
  for (const channel of [typesV1.Channel.CHANNEL_EMAIL, typesV1.Channel.CHANNEL_VOICE]) {
    await staff.consent.recordConsent({
      ...{ requestId: newId(), contactId, channel, purpose: PURPOSE, basis: 'consent', saidAt: '' },
      ...{ evidence: PERSON.evidence, sender: '' },
    });
  }
}

async function sendMail(staff: HeedClient, listId: string): Promise<void> {
  const { template } = await staff.templates.createTemplate({
    ...{ requestId: newId(), name: 'Letter', channel: typesV1.Channel.CHANNEL_EMAIL },
    subject: 'For {{ first_name }} {{ last_name }}',
    textBody: 'Dear {{ first_name }} {{ last_name }}',
    ...{ htmlBody: '<p>Dear {{ first_name }}</p>', senderName: 'Acme', senderAddress: 'news@acme.test' },
    postalAddress: '1 Main Street, Springfield',
    ...{ kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING, variables: [], attachments: [] },
    ...{ trackOpens: false, trackClicks: false },
  });
  const { campaign } = await staff.campaigns.createCampaign({
    ...{ requestId: newId(), name: 'Letter', listId, templateId: template!.templateId, purpose: PURPOSE },
    ...{ ratePerSecond: 100, audienceLimit: 0n, steps: [] },
  });
  const { campaignId } = campaign!;
  await staff.campaigns.startCampaign({ campaignId });
  let sent = 0n;
  for await (const { campaign: now } of staff.campaigns.watchCampaign(
    { campaignId },
    { timeoutMs: 100_000 },
  )) {
    sent = now?.ledger?.sent ?? 0n;
  }
  if (sent !== 1n) throw new Error('the letter was not sent');
}

/** A recorded call. Answers a piece of what was recorded, from its middle. */
async function call(staff: HeedClient, contactId: string): Promise<Buffer> {
  const { call: placed } = await staff.calls.placeCall({
    ...{ requestId: newId(), contactId, purpose: PURPOSE, record: true },
  });
  const { callId } = placed!;
  let last = placed!;
  for await (const { call: now } of staff.calls.watchCall({ callId }, { timeoutMs: 100_000 })) {
    if (now) last = now;
  }
  if (!last.recorded) throw new Error(`the call was not recorded: ${last.outcome} ${last.reason}`);
  const chunks: Buffer[] = [];
  for await (const { chunk } of staff.calls.streamRecording({ callId })) chunks.push(Buffer.from(chunk));
  const wav = Buffer.concat(chunks);
  return wav.subarray(wav.length >> 1, (wav.length >> 1) + 64);
}

async function joinAndSignIn(installation: Installation, staff: HeedClient, slug: string): Promise<string> {
  const { email, name } = MEMBER;
  const invited = await staff.members.inviteMember({ requestId: newId(), email, name, roles: ['agent'] });
  await installation.join(slug, email, invited.invitationToken);
  for (const attempt of [
    { tenant: slug, email, password: PERSON.password },
    { tenant: slug, email: PERSON.email, password: PERSON.password },
    { tenant: PERSON.lastName.slice(0, 40), email: PERSON.email, password: PASSWORD },
  ]) {
    await signIn(installation.endpoints, attempt).then(
      () => Promise.reject(new Error('somebody came in with the wrong password')),
      () => undefined,
    );
  }
  return invited.member!.memberId;
}

/** Once to an agent, once by the link of the mail. */
async function sayNo(installation: Installation, staff: HeedClient, contactId: string): Promise<void> {
  const link = linkInMail(installation);
  await (await fetch(link)).text();
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  await (await fetch(link, { ...form, body: new URLSearchParams({ why: PERSON.page }).toString() })).text();
  await staff.consent.recordOptOut({
    ...{ requestId: newId(), contactId, channel: 0, purpose: '', sender: '', evidence: PERSON.optOut },
    heardFrom: undefined,
    source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
  });
}

/** SPEC: RFC 8058: the link stands in the header List-Unsubscribe. */
function linkInMail({ mail }: Installation): string {
  const { raw } = mail.kept.find(({ to }) => to.includes(PERSON.email))!;
  return /<(https?:[^>]+\/u\/[^>]+)>/.exec(raw.replaceAll(/\r\n[ \t]+/g, ''))![1]!;
}

/** Name and number become others and what they were again: what they were meanwhile is then nowhere. */
async function correct(staff: HeedClient, contactId: string): Promise<void> {
  const { PERSON_FIELD_LAST_NAME: NAME, PERSON_FIELD_PHONE: PHONE } = datarightsV1.PersonField;
  for (const [name, phone] of [
    [PERSON.correctedName, PERSON.correctedPhone],
    [PERSON.lastName, PERSON.phone],
  ] as const) {
    const corrections = [
      { field: NAME, value: name, endpointId: '', previous: '' },
      { field: PHONE, value: phone, endpointId: '', previous: '' },
    ];
    const { state } = await ask(staff, privacyV1.Right.RIGHT_CORRECTION, { contactId }, corrections);
    if (state !== privacyV1.RequestState.REQUEST_STATE_COMPLETED)
      throw new Error(`the correction ended in ${state}`);
  }
}

/** A request to its end. */
export async function ask(
  staff: HeedClient,
  right: privacyV1.Right,
  by: { email?: string; phone?: string; memberId?: string; contactId?: string; replyTo?: string },
  corrections: datarightsV1.Correction[] = [],
): Promise<privacyV1.Request> {
  const { CONTACT, MEMBER: OF_MEMBER } = {
    CONTACT: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    MEMBER: datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER,
  };
  const { request } = await staff.requests.createRequest({
    ...{
      requestId: newId(),
      right,
      subjectId: by.memberId ?? by.contactId ?? '',
      email: by.email ?? '',
      phone: by.phone ?? '',
      replyTo: by.replyTo ?? '',
      informed: '',
      corrections,
      withoutSuppression: false,
    },
    ...{ subjectKind: by.memberId ? OF_MEMBER : CONTACT, verification: 'email_code' },
    objects: right === privacyV1.Right.RIGHT_ERASURE,
  });
  const { requestId } = request!;
  let last = request!;
  for await (const { request: now } of staff.requests.watchRequest({ requestId }, { timeoutMs: 100_000 })) {
    if (now) last = now;
  }
  if (right === privacyV1.Right.RIGHT_ACCESS) {
    for await (const _ of staff.requests.streamAccessPackage({ requestId }));
  }
  return last;
}
