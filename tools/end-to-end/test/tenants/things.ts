import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile, type HeedClient } from '@heed/client';
import {
  campaignsV1,
  contactsV1,
  datarightsV1,
  type identityV1,
  messagingV1,
  privacyV1,
  SERVICES,
  type ServiceName,
  typesV1,
} from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import pg from 'pg';
import PostalMime from 'postal-mime';
import { addressesIn, bring, mail } from '../../../../services/messaging/test/answering.js';
import { TRACKING_URL, type SixServices, type Tenant } from '../world/six-services.js';
import { campaign, PURPOSE, template } from './letters.js';
import { plantHit } from './probe-hit.js';
import { plantProcessorOrder } from './processor-order.js';
import { resetToken } from './reset-token.js';
import { signingUp } from './signing-up.js';
import { rowsOf } from './rows-of.js';
import { plantDoubt } from './spoken-doubt.js';

/** Ids of real things of one tenant, by the word that the contracts have for the field that takes them. */
export interface Things {
  tenant: Tenant;
  contactId: string;
  endpointId: string;
  memberId: string;
  listId: string;
  importId: string;
  templateId: string;
  /** Of single messages. */
  singleTemplateId: string;
  campaignId: string;
  attemptId: string;
  intentId: string;
  /** Of the permit that some attempt was made under. */
  permitId: string;
  callId: string;
  senderDomainId: string;
  replyId: string;
  spokenDoubtId: string;
  providerConnectionId: string;
  /** A request that is answered, and the batch that its order came in. */
  requestId: string;
  batchId: string;
  /** Of a request that is still open: afterwards they lead nowhere. */
  handle: string;
  hitId: string;
  holdId: string;
  processorOrderId: string;
  /** Of nobody's tenant. */
  sweepId: string;
  orderId: string;
  entryId: string;
  /** Whom the request that stays open is about. */
  stayingId: string;
  apiKeyId: string;
  /** Of another key than that: one is ended when the other is tried. */
  apiKey: string;
  /** With which the tenant's owner sets another password. */
  resetToken: string;
  /** Of the link in the mail that the contact got. */
  linkToken: string;
  tenantId: string;
  signUpFormId: string;
  /** Of the link in the mail that asks whether somebody signs up. */
  signUpToken: string;
  /** Of a link in it that is tracked: the message's token, and the link's. */
  message: string;
  link: string;
}

const KINDS: (keyof Things)[] = [
  ...([
    'contactId',
    'endpointId',
    'memberId',
    'listId',
    'importId',
    'templateId',
    'campaignId',
    'attemptId',
    'intentId',
  ] as const),
  ...(['permitId', 'callId', 'senderDomainId', 'providerConnectionId', 'replyId', 'spokenDoubtId'] as const),
  ...(['requestId', 'batchId', 'handle'] as const),
  ...(['orderId', 'entryId', 'apiKeyId', 'hitId', 'holdId', 'sweepId', 'signUpFormId'] as const),
  'processorOrderId',
];

/** Kinds of things whose ids fields take. */
export const THINGS: ReadonlySet<string> = new Set(KINDS);

/** Makes one of everything over the public API, but for the request that stays open. What the API does not name (orders, batches) is looked up. */
export async function makeThings(six: SixServices, tenant: Tenant): Promise<Things> {
  const { client } = tenant;
  const { list } = await client.lists.createList({ requestId: newId(), name: 'Everybody' });
  const listId = list!.listId;
  const contactId = await addContact(client, tenant, 'one', listId);
  const stayingId = await addContact(client, tenant, 'two', listId);
  const [importId, { templateId, campaignId }, callId] = await Promise.all([
    importOne(client, tenant, listId),
    campaign(client, listId),
    call(client, contactId),
  ]);
  const { attempts } = await client.messages.listAttempts(
    messagingV1.ListAttemptsRequest.fromPartial({ campaignId, contactId }),
  );
  const replyId = await doubt(six, tenant, contactId);
  const requestId = await answered(client, contactId);
  const [{ batch_id: batchId } = { batch_id: '' }] = await rowsOf<{ batch_id: string }>(
    six,
    'privacy',
    'select batch_id from subject_order where tenant_id = $1 and request_id = $2',
    [tenant.tenantId, requestId],
  );
  const [{ permit_id: permitId } = { permit_id: '' }] = await rowsOf<{ permit_id: string }>(
    six,
    'contacts',
    'select permit_id from permit where tenant_id = $1 and attempt_id = $2',
    [tenant.tenantId, attempts[0]!.attemptId],
  );
  const { entries } = await client.audit.listAuditEntries(
    privacyV1.ListAuditEntriesRequest.fromPartial({ pageSize: 1 }),
  );
  const [{ endpoint_id: endpointId } = { endpoint_id: '' }] = await rowsOf<{ endpoint_id: string }>(
    six,
    'contacts',
    "select endpoint_id from endpoint where tenant_id = $1 and contact_id = $2 and channel = 'email'",
    [tenant.tenantId, contactId],
  );
  const { senderDomain } = await client.senderDomains.createSenderDomain({
    ...{ requestId: newId(), domain: `${tenant.slug}.test` },
  });
  const { providerConnection } = await client.providerConnections.createProviderConnection({
    ...{ requestId: newId(), name: 'relay' },
  });
  const [{ apiKey }, { key }] = [await makeKey(client), await makeKey(client)];
  return {
    tenant,
    ...{ apiKeyId: apiKey!.apiKeyId, apiKey: key },
    providerConnectionId: providerConnection!.providerConnectionId,
    ...{ contactId, endpointId, memberId: tenant.memberId, listId, importId, templateId, campaignId, callId },
    ...{ attemptId: attempts[0]!.attemptId, intentId: attempts[0]!.intentId, permitId, replyId, requestId },
    ...{ batchId, entryId: entries[0]!.entryId },
    singleTemplateId: await template(client, campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL),
    senderDomainId: senderDomain!.senderDomainId,
    linkToken: linkIn(six, `one@${tenant.slug}.test`),
    resetToken: await resetToken(six, tenant),
    ...(await followed(six, tenant, contactId)),
    ...(await signingUp(six, tenant, listId, templateId)),
    ...{
      stayingId,
      handle: '',
      orderId: '',
      spokenDoubtId: await plantDoubt(six, tenant.tenantId, contactId),
      hitId: await plantHit(six, tenant.tenantId, requestId),
      holdId: await placeHold(client, newId()),
      processorOrderId: await plantProcessorOrder(six, tenant.tenantId, requestId),
      sweepId: newId(),
    },
  };
}

/** On nobody: the erasure of somebody who is held would stay open for as long. */
async function placeHold(client: HeedClient, subjectId: string): Promise<string> {
  const { hold } = await client.holds.placeHold(
    privacyV1.PlaceHoldRequest.fromPartial({
      ...{ requestId: newId(), subjectId, ground: 'legal_claims', matter: '2026/17' },
    }),
  );
  return hold!.holdId;
}

function makeKey(client: HeedClient): Promise<identityV1.CreateApiKeyResponse> {
  return client.apiKeys.createApiKey({
    ...{ requestId: newId(), name: 'crm', scopes: ['contacts.read'], expiresAt: '' },
  });
}

/** SPEC: RFC 8058: the link stands in the header List-Unsubscribe. */
function linkIn({ mail }: SixServices, to: string): string {
  const { raw } = mail.kept.find((kept) => kept.to.includes(to))!;
  return /\/u\/([\w-]+)/.exec(raw.replaceAll(/\r\n[ \t]+/g, ''))![1]!;
}

/** Both parts of the first link that leads through messaging. It was followed once, and that is recorded. */
async function followed(
  { mail, cluster }: SixServices,
  { slug, client }: Tenant,
  contactId: string,
): Promise<Pick<Things, 'message' | 'link'>> {
  const { raw } = mail.kept.find(({ to }) => to.includes(`one@${slug}.test`))!;
  const { html = '' } = await PostalMime.parse(raw);
  const [, message, link] = new RegExp(`${TRACKING_URL}/c/([\\w-]+)/([\\w-]+)`).exec(html)!;
  await fetch(`${cluster.service('messaging').httpUrl}/c/${message}/${link}`, { redirect: 'manual' });
  const request = messagingV1.ListEngagementsRequest.fromPartial({ contactId });
  while ((await client.engagements.listEngagements(request)).engagements.length === 0)
    await systemClock.wait(50);
  return { message: message!, link: link! };
}

/** The contact answers the mail that they got, and nobody can tell what they mean. */
async function doubt(six: SixServices, { client, slug }: Tenant, contactId: string): Promise<string> {
  const address = `one@${slug}.test`;
  const { reply } = addressesIn(six.mail.kept.find(({ to }) => to.includes(address))!);
  await bring(six, { from: address, to: reply }, mail({ From: address }, 'Who gave you my address?'));
  const { replies } = await client.replies.listReplies({ pageSize: 0, pageToken: '', contactId });
  return replies[0]!.replyId;
}

async function addContact(
  client: HeedClient,
  { slug }: Tenant,
  name: string,
  listId: string,
): Promise<string> {
  const { contact } = await client.contacts.createContact({
    ...{ requestId: newId(), firstName: name, lastName: slug, country: 'US', listIds: [listId] },
    email: `${name}@${slug}.test`,
    phone: name === 'one' ? phoneOf(slug) : '',
  });
  const { contactId } = contact!;
  for (const channel of [typesV1.Channel.CHANNEL_EMAIL, typesV1.Channel.CHANNEL_VOICE]) {
    await client.consent.recordConsent({
      ...{ requestId: newId(), contactId, channel, purpose: PURPOSE, basis: 'consent' },
      ...{ saidAt: '', evidence: 'said so on the phone', sender: '' },
    });
  }
  await client.consent.recordConsent({
    ...{ requestId: newId(), contactId, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'tracking' },
    ...{ basis: 'consent', saidAt: '', evidence: '', sender: '' },
  });
  return contactId;
}

/** One valid number a tenant. */
function phoneOf(slug: string): string {
  const last = [...slug].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000, 0);
  return `+1415555${String(last).padStart(4, '0')}`;
}

async function importOne(client: HeedClient, { slug }: Tenant, listId: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-import-'));
  try {
    const file = join(folder, 'people.csv');
    writeFileSync(file, `email,first_name\nthree@${slug}.test,Three\nnonsense,Four\n`);
    const importId = await importFile(client, listId, file);
    for await (const { import: now } of client.imports.watchImport({ importId })) {
      if (now?.state === contactsV1.ImportState.IMPORT_STATE_FAILED) throw new Error(now.failureReason);
    }
    return importId;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function call(client: HeedClient, contactId: string): Promise<string> {
  const { call: placed } = await client.calls.placeCall({
    ...{ requestId: newId(), contactId, purpose: PURPOSE, record: true },
  });
  const { callId } = placed!;
  for await (const _ of client.calls.watchCall({ callId }, { timeoutMs: 100_000 }));
  return callId;
}

/** A request for access to its end. */
async function answered(client: HeedClient, subjectId: string): Promise<string> {
  const requestId = await ask(client, subjectId);
  for await (const _ of client.requests.watchRequest({ requestId }, { timeoutMs: 100_000 }));
  return requestId;
}

async function ask(client: HeedClient, subjectId: string, email = ''): Promise<string> {
  const { request } = await client.requests.createRequest({
    ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ACCESS, subjectId, email, phone: '' },
    subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    ...{
      verification: 'email_code',
      objects: false,
      replyTo: '',
      informed: '',
      corrections: [],
      withoutSuppression: false,
    },
  });
  return request!.requestId;
}

/**
 * A request that privacy cannot move on, since its row is held; every service has answered it. Others of the tenant may
 * wait behind it: it comes last.
 */
export async function stayOpen(
  six: SixServices,
  { tenant: { client, tenantId, slug }, stayingId: subjectId }: Things,
): Promise<Pick<Things, 'handle' | 'orderId'>> {
  const openRequests = 'select 1 from request where tenant_id = $1 and closed_at is null';
  while ((await rowsOf(six, 'privacy', openRequests, [tenantId])).length > 0) await systemClock.wait(50);
  const requestId = await ask(client, subjectId, `two@${slug}.test`);
  const holder = new pg.Client({ connectionString: six.cluster.database('privacy').superuserUrl });
  await holder.connect();
  six.closing.push(() => holder.end());
  await holder.query('begin');
  const { rows } = await holder.query<{ handle: string; order_id: string }>(
    `select handle, order_id from request join subject_order using (tenant_id, request_id)
     where tenant_id = $1 and request_id = $2 for no key update of request`,
    [tenantId, requestId],
  );
  const { handle, order_id: orderId } = rows[0]!;
  for (const service of SERVICES) await untilAnswered(six, service, orderId);
  await askNobodyAgain(six, tenantId);
  return { handle, orderId };
}

/** privacy has not taken the answers, and would publish its orders once more after a while: so that rows come to rest, it does not. */
async function askNobodyAgain(six: SixServices, tenantId: string): Promise<void> {
  const asking = `queue = 'ask-again' and tenant_id = $1 and due_at < '2099-01-01'`;
  const never = `update heed.due_work set due_at = '2099-01-01' where ${asking} and claim is null`;
  do await rowsOf(six, 'privacy', never, [tenantId]);
  while (
    (await rowsOf(six, 'privacy', `select 1 from heed.due_work where ${asking}`, [tenantId])).length > 0
  );
}

async function untilAnswered(six: SixServices, service: ServiceName, orderId: string): Promise<void> {
  for (let answered = 0; answered === 0; await systemClock.wait(20)) {
    const sql = 'select 1 from heed.receipt_opening where order_id = $1';
    answered = (await rowsOf(six, service, sql, [orderId])).length;
  }
}
