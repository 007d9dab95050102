import { campaignsV1, telephonyV1, typesV1 } from '@heed/contracts';
import { type HeedClient } from '@heed/client';
import { newId } from '@heed/kernel';
import { PURPOSE } from '../example/example-contacts.js';
import { readCarrierLog } from '../measure/carrier-log.js';
import { percentiles, type Percentiles } from '../measure/percentiles.js';
import { type Cast, type Stage } from '../stage.js';
import { follow } from './campaigns.js';
import { type Mailbox } from './mailbox.js';
import { inTurn } from './opt-outs.js';
import { bringMail, nonDelivery } from './outside-mail.js';
import { untilAll } from './until-all.js';

/** Of ten thousand: mails that come back, half of them refused at once and half returned afterwards; who presses 9 then. */
const COMING_BACK = 60;
const PRESSING = 20;
/** How long a mail of the welcome may come back and begin a call; in a real campaign days. */
export const MAY_BOUNCE_SECONDS = 20;
const KEY = '9';
const CALLED_WHO_SAID_NO = 2;

/** Somebody who can be called and whose mailbox is gone. */
export interface Unreachable {
  contactId: string;
  email: string;
  phone: string;
}

export interface Bouncing {
  refused: Unreachable[];
  returned: Unreachable[];
  pressing: Unreachable[];
}

export interface BounceFigures {
  refused: number;
  returned: number;
  called: number;
  pressed: number;
  /** From the key to the commit in contacts. */
  recordedMs: Percentiles;
  /** Calls to those who pressed, asked for afterwards, and how many of them made a phone ring. */
  askedAfterwards: number;
  rang: number;
}

/** Chooses, among the first of the list, whose mail will come back, and tells the mail server and the telephone network. */
export async function closeMailboxes(
  { cluster, databases, options }: Stage,
  { tenantId }: Cast,
  { listId, limit, spared }: { listId: string; limit: number; spared: readonly string[] },
): Promise<Bouncing> {
  const scaled = (n: number, least: number): number =>
    Math.max(least, Math.floor((n * Math.min(10_000, options.size)) / 10_000));
  const { mail, carrier, parts } = cluster.run;
  const none = { refused: [], returned: [], pressing: [] };
  // Nobody presses keys in a real network because we ask for it.
  if (parts.carrier.kind !== 'local') return none;
  const people = await databases.rows<Unreachable>(
    'contacts',
    `select distinct on (p.address) m.contact_id as "contactId", e.address as email, p.address as phone
     from (select contact_id from list_member where tenant_id = $1 and list_id = $2 order by contact_id limit $3) m
     join endpoint e on e.tenant_id = $1 and e.contact_id = m.contact_id and e.channel = 'email'
     join endpoint p on p.tenant_id = $1 and p.contact_id = m.contact_id and p.channel = 'voice'
     where e.address <> all ($4) and (
       select count(*) from consent_state s
       where s.tenant_id = $1 and s.contact_id = m.contact_id and s.purpose = $5 and s.state = 'granted') = 2
     order by p.address limit $6`,
    [tenantId, listId, limit, spared, PURPOSE, scaled(COMING_BACK, 4)],
  );
  const half = Math.ceil(people.length / 2);
  const bouncing = {
    refused: people.slice(0, half),
    returned: people.slice(half),
    // Of both halves.
    pressing: people.filter((_, index) => index % 2 === 0).slice(0, scaled(PRESSING, 2)),
  };
  await put(
    `${mail!.httpUrl}/faults`,
    bouncing.refused.map(({ email }) => ({
      to: email,
      at: 'rcpt',
      code: 550,
      text: '5.1.1 No such mailbox',
    })),
  );
  await put(
    `${carrier}/behaviours`,
    people.map((person) => ({
      ...{ to: person.phone, ring_ms: 50, talk_ms: 500 },
      ...(bouncing.pressing.includes(person) && { keys: KEY, press_ms: 100, talk_ms: 5_000 }),
    })),
  );
  return bouncing;
}

/** The mail servers of those whose mailbox is gone: they took the message, and return it. */
export async function returnMails(
  { cluster }: Stage,
  { returned }: Bouncing,
  mailbox: Mailbox,
): Promise<void> {
  const { inbound } = cluster.run;
  const waiting = new Map(returned.map((person) => [person.email, person]));
  if (inbound === undefined) return;
  await untilAll(async () => {
    await inTurn([...waiting.keys()], async (email) => {
      const sender = await mailbox.senderTo(email);
      if (sender === undefined) return;
      waiting.delete(email);
      await bringMail(inbound, nonDelivery(sender, email));
    });
    return returned.length - waiting.size;
  }, returned.length);
}

/** Those whose mail came back are called by the second step; some of them press 9, and are called by nobody any more. */
export async function callTheUnreachable(
  stage: Stage,
  cast: Cast,
  campaignId: string,
  bouncing: Bouncing,
): Promise<BounceFigures> {
  const { expect, databases } = stage;
  const { refused, returned, pressing } = bouncing;
  const expected = refused.length + returned.length;
  const campaign = await follow(cast.manager, campaignId, ({ ledger, steps }) => {
    const calls = steps[1]?.ledger;
    return ledger?.open === 0n && Number(calls?.audience) >= expected;
  });
  const called = Number(campaign.steps[1]?.ledger?.sent ?? 0n);
  expect.equal('bounces: called by the second step', called, expected);
  const commits = (): Promise<{ phone: string; at: number }[]> =>
    databases.rows(
      'contacts',
      `select p.address as phone, min(extract(epoch from pg_xact_commit_timestamp(c.xmin))::float8) * 1000 as at
       from consent_entry c
       join endpoint p on p.tenant_id = c.tenant_id and p.contact_id = c.contact_id and p.channel = 'voice'
       where c.tenant_id = $1 and c.source = 'key' and c.contact_id = any ($2::uuid[]) group by p.address`,
      [cast.tenantId, pressing.map(({ contactId }) => contactId)],
    );
  const pressed = await untilAll(async () => (await commits()).length, pressing.length);
  expect.equal('bounces: opt-outs by key', pressed, pressing.length);
  const keys = (await readCarrierLog(stage)).filter(({ event }) => event === 'pressed');
  const pressedAt = new Map(keys.map(({ to, at }) => [to, at]));
  const recordedMs = percentiles(
    (await commits()).map(({ phone, at }) => at - (pressedAt.get(phone) ?? NaN)),
  );
  return {
    ...{ refused: refused.length, returned: returned.length, called, pressed, recordedMs },
    ...(await tryToCall(stage, cast, pressing)),
  };
}

/** Whoever pressed is denied, and no phone of theirs rings whoever asks. */
async function tryToCall(
  stage: Stage,
  { agent }: Cast,
  pressing: readonly Unreachable[],
): Promise<Pick<BounceFigures, 'askedAfterwards' | 'rang'>> {
  const { expect } = stage;
  const channel = typesV1.Channel.CHANNEL_VOICE;
  let allowed = 0;
  await inTurn(pressing, async ({ contactId }) => {
    const answer = await agent.permits.explainPermit({ contactId, channel, purpose: PURPOSE, sender: '' });
    if (answer.allowed) allowed += 1;
  });
  expect.equal('bounces: permits for those who pressed 9', allowed, 0);
  const calls: string[] = [];
  await inTurn(pressing.slice(0, CALLED_WHO_SAID_NO), async ({ contactId }) => {
    calls.push(await callEnded(agent, contactId));
  });
  const rang = (await readCarrierLog(stage)).filter((line) => calls.includes(line.call_id)).length;
  expect.equal('bounces: phones that rang after 9', rang, 0);
  return { askedAfterwards: pressing.length, rang };
}

async function callEnded(agent: HeedClient, contactId: string): Promise<string> {
  const { call } = await agent.calls.placeCall({
    ...{ requestId: newId(), contactId, purpose: PURPOSE, record: false },
  });
  const { callId } = call!;
  for await (const { call: now } of agent.calls.watchCall({ callId })) {
    if (now?.state === telephonyV1.CallState.CALL_STATE_ENDED) break;
  }
  return callId;
}

/** The campaign ends by itself once nothing can come back any more. */
export async function waitForDeliveries(
  { expect }: Stage,
  { manager }: Cast,
  campaignId: string,
): Promise<campaignsV1.Campaign> {
  const campaign = await follow(manager, campaignId);
  expect.equal('welcome: state', campaign.state, campaignsV1.CampaignState.CAMPAIGN_STATE_COMPLETED);
  return campaign;
}

async function put(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}
