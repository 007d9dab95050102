import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { type HeedClient } from '@heed/client';
import { campaignsV1, contactsV1, privacyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Installation } from './installation.js';
import { BROKEN, MEMBER, PERSON } from './person.js';

const MARKETING = { kind: campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING, variables: [], attachments: [] };

/** What somebody was answered who sent something broken. */
export interface Answer {
  to: string;
  said: string;
}

const { brokenEmail: email, brokenText: text } = BROKEN;
const TOO_LONG = `${text} `.repeat(700);
const TOKEN = Buffer.from(`{"sub":"${email}","name":"${text}"}`).toString('base64url');

/** Every kind of broken input that carries the person, over gRPC and HTTP; nothing of it may be taken. */
export async function provokeErrors(
  installation: Installation,
  staff: HeedClient,
  slug: string,
  known: { listId: string; contactId: string },
): Promise<Answer[]> {
  return [
    ...(await overGrpc(staff, known)),
    ...(await overHttp(installation, staff, slug, known)),
    ...(await raw(installation, staff)),
  ];
}

async function overGrpc(
  staff: HeedClient,
  { listId, contactId }: { listId: string; contactId: string },
): Promise<Answer[]> {
  const contact = (change: Partial<contactsV1.CreateContactRequest>) =>
    staff.contacts.createContact(
      contactsV1.CreateContactRequest.fromPartial({ requestId: newId(), firstName: text, email, ...change }),
    );
  const consent = (change: Partial<contactsV1.RecordConsentRequest>) =>
    staff.consent.recordConsent(
      contactsV1.RecordConsentRequest.fromPartial({
        ...{
          requestId: newId(),
          contactId,
          channel: typesV1.Channel.CHANNEL_EMAIL,
          purpose: 'news',
          basis: 'consent',
        },
        ...change,
      }),
    );
  const once = newId();
  const calls: Record<string, () => Promise<unknown>> = {
    'an address that somebody has': () => contact({ email: PERSON.email, lastName: PERSON.lastName }),
    'a number that somebody has': () => contact({ email: '', phone: PERSON.phone }),
    'no address': () => contact({ email: `${text} at home` }),
    'no number': () => contact({ email: '', phone: `${email} 0142` }),
    'a country of many letters': () => contact({ country: text }),
    'a NUL in a name': () => contact({ firstName: `${text}\0`, email: `nul.${email}` }),
    'half a letter': () =>
      contact({ firstName: `${text}\ud800`, email: `half.${email}`, listIds: [newId()] }),
    'a name that is too long': () => contact({ lastName: TOO_LONG }),
    'an address that is too long': () => contact({ email: `${'x'.repeat(250)}${email}` }),
    'a list that is a name': () => contact({ listIds: [text] }),
    'a request id that is an address': () => contact({ requestId: email }),
    'another request under one id': async () => {
      await staff.lists.createList({ requestId: once, name: 'Replayed' });
      await staff.lists.createList({ requestId: once, name: text });
    },
    'a contact that is an address': () => staff.contacts.getContact({ contactId: email }),
    'a page that is a name': () =>
      staff.contacts.listContacts(contactsV1.ListContactsRequest.fromPartial({ pageToken: text, listId })),
    'a page in base64': () =>
      staff.contacts.listContacts(contactsV1.ListContactsRequest.fromPartial({ pageToken: TOKEN, listId })),
    'evidence that is too long': () => consent({ evidence: TOO_LONG }),
    'a time that is a name': () => consent({ saidAt: text.slice(0, 30) }),
    'a purpose that is a name': () => consent({ purpose: text }),
    'a basis that is an address': () => consent({ basis: email }),
    'an opt-out for a purpose that is a name': () =>
      staff.consent.recordOptOut({
        ...{ requestId: newId(), contactId, channel: 0, purpose: text, sender: '', evidence: email },
        heardFrom: undefined,
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      }),
    'a template that is none': () =>
      staff.templates.createTemplate({
        ...{ requestId: newId(), name: 'Broken', channel: typesV1.Channel.CHANNEL_EMAIL, htmlBody: '' },
        ...{ subject: `{{ ${text} | `, textBody: `{% ${email} %}`, senderName: 'Acme' },
        ...{ senderAddress: 'news@acme.test', postalAddress: '1 Main Street' },
        ...MARKETING,
        ...{ trackOpens: false, trackClicks: false },
      }),
    'a sender that is no address': () =>
      staff.templates.createTemplate({
        ...{ requestId: newId(), name: 'Broken', channel: typesV1.Channel.CHANNEL_EMAIL, htmlBody: '' },
        ...{ subject: 'Hello', textBody: 'Hello', senderName: text, senderAddress: `${text} <${email}` },
        postalAddress: '1 Main Street',
        ...MARKETING,
        ...{ trackOpens: false, trackClicks: false },
      }),
    'a member who is there': () =>
      staff.members.inviteMember({
        requestId: newId(),
        email: MEMBER.email,
        name: MEMBER.name,
        roles: ['agent'],
      }),
    'a role that is a name': () =>
      staff.members.inviteMember({ requestId: newId(), email, name: text, roles: [text] }),
    'a verification that is a name': () =>
      staff.requests.createRequest({
        ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ACCESS, subjectId: '', subjectKind: 0 },
        ...{
          email,
          phone: text,
          verification: text,
          objects: false,
          replyTo: email,
          informed: '',
          corrections: [],
          withoutSuppression: false,
        },
      }),
    'a request of somebody unknown, by a number that is none': () =>
      staff.requests.createRequest({
        ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ACCESS, subjectId: '', subjectKind: 0 },
        ...{
          email: '',
          phone: `${text} 42`,
          verification: 'email_code',
          objects: false,
          replyTo: text,
          informed: '',
          corrections: [],
          withoutSuppression: false,
        },
      }),
    'an actor that is an address': () =>
      staff.audit.listAuditEntries(
        privacyV1.ListAuditEntriesRequest.fromPartial({ actorId: `${email}${TOO_LONG}`, action: text }),
      ),
    'a country of a list that is a name': () =>
      staff.contacts.listContacts(contactsV1.ListContactsRequest.fromPartial({ country: text })),
    'a time of a list that is a name': () =>
      staff.contacts.listContacts(contactsV1.ListContactsRequest.fromPartial({ createdAfter: text })),
    'a secret that is a name': () =>
      staff.operators.bootstrapOperator({ bootstrapSecret: text, email, password: PERSON.password }),
    'a call for a purpose that is a name': () =>
      staff.calls.placeCall({ requestId: newId(), contactId, purpose: text, record: false }),
  };
  return answersOf(calls);
}

async function overHttp(
  { endpoints }: Installation,
  staff: HeedClient,
  slug: string,
  { listId }: { listId: string },
): Promise<Answer[]> {
  const { identity = '', contacts = '' } = endpoints.http;
  const json = { 'content-type': 'application/json' };
  const bearer = { authorization: `Bearer ${await staff.bearer()}` };
  const csv = (body: string | Buffer): [string, RequestInit] => [
    `${contacts}/v1/lists/${listId}/imports`,
    { method: 'POST', headers: { ...bearer, 'content-type': 'text/csv' }, body: body as string },
  ];
  const post = (url: string, body: string, headers: Record<string, string> = json): [string, RequestInit] => [
    url,
    { method: 'POST', headers, body },
  ];
  const sessions = `${identity}/v1/sessions`;
  const requests: Record<string, [string, RequestInit?]> = {
    'JSON that breaks off': post(sessions, `{"tenant":"${slug}","email":"${email}","password":"${text}`),
    'an address of the wrong type': post(
      sessions,
      JSON.stringify({ tenant: slug, email: { to: email }, password: [text] }),
    ),
    'a field nobody knows': post(
      sessions,
      JSON.stringify({ tenant: slug, email, password: text, [text]: email }),
    ),
    'a body that is too large': post(
      sessions,
      JSON.stringify({ tenant: slug, email, password: text.repeat(20_000) }),
    ),
    'a type nobody reads': post(sessions, `<${email}/>`, { 'content-type': 'text/xml' }),
    'a form of the wrong kind': post(sessions, new URLSearchParams({ email, [text]: text }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    }),
    'a refresh token made of a person': post(
      `${sessions}/refresh`,
      JSON.stringify({ refresh_token: `hdr_${TOKEN}` }),
    ),
    'an invitation made of a person': post(
      `${identity}/v1/invitations/accept`,
      JSON.stringify({ invitation_token: `hdi_${TOKEN}`, password: PERSON.password }),
    ),
    'a lost password of a person': post(
      `${identity}/v1/password-resets`,
      JSON.stringify({ tenant: slug, email }),
    ),
    'another password with a token made of a person': post(
      `${identity}/v1/password-resets/accept`,
      JSON.stringify({ reset_token: `hdp_${TOKEN}`, password: PERSON.password }),
    ),
    'a bearer token made of a person': [
      `${contacts}/v1/imports/${newId()}/rejected.csv`,
      { headers: { authorization: `Bearer e30.${TOKEN}.${TOKEN}` } },
    ],
    'a path that is an address': [
      `${contacts}/v1/contacts/${encodeURIComponent(email)}?name=${encodeURIComponent(text)}`,
    ],
    'a path that is no UTF-8': [`${contacts}/u/%E0%A4%A?${encodeURIComponent(text)}`],
    'a list that is an address': [
      `${contacts}/v1/imports/${encodeURIComponent(email)}/rejected.csv`,
      { headers: bearer },
    ],
    'a link made of a person': [`${contacts}/u/${TOKEN}`],
    'a link made of a person, pressed': post(`${contacts}/u/${TOKEN}`, `why=${encodeURIComponent(email)}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
    'a quote that is never closed': csv(`email,first_name\n${email},"${text}\n${'x'.repeat(100)}`),
    'a row that is too long': csv(`email,first_name\n${email},${text.repeat(6_000)}\n`),
    'a header that names people': csv(`${email},${text}\n1,2\n`),
    'a column twice': csv(`email,email,${text}\n${email},${email},\n`),
    'text that is no UTF-8': csv(
      Buffer.concat([Buffer.from(`email,first_name\n${email},${text}`), Buffer.from([0xff, 0xfe, 0x0a])]),
    ),
    'a file that is no text': csv(Buffer.concat([Buffer.from(`email\n${email}`), Buffer.alloc(64)])),
  };
  return answersOf(
    Object.fromEntries(
      Object.entries(requests).map(([to, [url, init]]) => [
        to,
        async () => {
          const response = await fetch(url, {
            ...init,
            headers: {
              ...(init?.headers as Record<string, string>),
              // Free text of strangers that other systems would pass on.
              traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`,
              tracestate: `who=${encodeURIComponent(email)}`,
              baggage: `name=${encodeURIComponent(text)}`,
              'user-agent': email,
              'x-request-id': email,
            },
          });
          const headers = [...response.headers].map((pair) => pair.join(': ')).join('\n');
          throw new Error(`${response.status}\n${headers}\n${await response.text()}`);
        },
      ]),
    ),
  );
}

/** Below the clients: methods, metadata and bytes that no client of ours would send. */
async function raw({ endpoints }: Installation, staff: HeedClient): Promise<Answer[]> {
  const call = (path: string, bytes: Buffer, headers: Record<string, string>) => async (): Promise<void> => {
    const client = new Client(endpoints.grpc.contacts.replace('dns:///', ''), credentials.createInsecure());
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const asIs = (value: Buffer): Buffer => value;
    try {
      await new Promise<void>((resolve, reject) =>
        client.makeUnaryRequest(
          path,
          asIs,
          asIs,
          bytes,
          metadata,
          { deadline: Date.now() + 60_000 },
          (error) => (error ? reject(error) : resolve()),
        ),
      );
    } finally {
      client.close();
    }
  };
  const authorization = `Bearer ${await staff.bearer()}`;
  const get = '/heed.contacts.v1.ContactsService/GetContact';
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0x0a, bytes.length]), bytes]);
  return answersOf({
    'a method nobody serves': call(
      `/heed.contacts.v1.ContactsService/${encodeURIComponent(email)}`,
      Buffer.alloc(0),
      { authorization },
    ),
    'bytes that are no message': call(
      get,
      Buffer.concat([field(Buffer.from(email)), Buffer.from([0x0a, 0x7f]), Buffer.from(text)]),
      { authorization },
    ),
    'a token that is a person': call(get, field(Buffer.from(newId())), {
      authorization: `Bearer e30.${TOKEN}.${TOKEN}`,
    }),
    'metadata that is a person': call(get, field(Buffer.from(newId())), {
      ...{
        authorization,
        traceparent: email,
        tracestate: `who=${email}`,
        baggage: `name=${email}`,
        'user-agent': email,
      },
    }),
  });
}

async function answersOf(calls: Record<string, () => Promise<unknown>>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const [to, send] of Object.entries(calls)) {
    await send().then(
      () => answers.push({ to, said: 'taken' }),
      (error: Error) => answers.push({ to, said: wordsOf(error) }),
    );
  }
  return answers;
}

/** Message, reason, fields and details; of what gRPC itself answered also the trailers, byte for byte. */
function wordsOf(error: Error & { metadata?: unknown }): string {
  const { metadata } = error;
  const trailers = metadata instanceof Metadata ? Object.values(metadata.getMap()) : [];
  const bytes = trailers.map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)));
  return [error.message, JSON.stringify(error), ...bytes].join('\n');
}
