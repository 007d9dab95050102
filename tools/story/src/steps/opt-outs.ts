import { campaignsV1, contactsV1, typesV1 } from '@heed/contracts';
import { type HeedClient } from '@heed/client';
import { newId } from '@heed/kernel';
import { PURPOSE } from '../example/example-contacts.js';
import { silenceOf, type OptOut, type SilenceReport } from '../measure/silence.js';
import { type Cast, type Stage } from '../stage.js';
import { type Mailbox, pressUnsubscribe, scan } from './mailbox.js';

/** Of 300: by the link of a message that arrived, and by an agent. */
const BY_LINK = 50;
const BY_AGENT = 250;
/** Every sixth is somebody whose message is with the sender at that moment: the hardest race. */
const HOTTEST_EVERY = 6;
const AT_ONCE = 8;
const SCANNED = 200;

/** Shares of the audience for examples that are smaller than ten thousand. */
export function planOf(size: number): { byLink: number; byAgent: number; scanned: number } {
  const scale = Math.min(1, size / 10_000);
  const part = (n: number): number => Math.max(1, Math.floor(n * scale));
  return { byLink: part(BY_LINK), byAgent: part(BY_AGENT), scanned: part(SCANNED) };
}

/** Step 5: people say no while the campaign runs. Gives their ids. */
export async function optPeopleOut(
  stage: Stage,
  cast: Cast,
  campaigns: { welcome: string; main: string },
  mailbox: Mailbox,
  spared: ReadonlySet<string>,
): Promise<string[]> {
  const { byLink, byAgent } = planOf(stage.options.size);
  const { manager } = cast;
  const welcomed = await intentsOf(manager, campaigns.welcome, { outcome: typesV1.Outcome.OUTCOME_SENT });
  const waiting = await intentsOf(manager, campaigns.main, {
    state: campaignsV1.IntentState.INTENT_STATE_PLANNED,
  });
  const planned = new Set(waiting.map(({ contactId }) => contactId));
  // Those of the welcome whose turn in the main campaign has not come go first, while that is so.
  const pressing = welcomed
    .filter(({ contactId }) => !spared.has(contactId))
    .sort((a, b) => Number(planned.has(b.contactId)) - Number(planned.has(a.contactId)))
    .slice(0, byLink);
  await inTurn(pressing, async ({ intentId }) => pressUnsubscribe(await mailbox.oneClickLink(intentId)));

  const said: string[] = pressing.map(({ contactId }) => contactId);
  const done = new Set([...spared, ...said]);
  const missing = byLink + byAgent - said.length;
  return [...said, ...(await sayNoMeanwhile(cast, campaigns.main, missing, done))];
}

/** So many people of a running campaign say no to an agent; none of those who are done. Gives their ids. */
export async function sayNoMeanwhile(
  { manager, agent }: Pick<Cast, 'manager' | 'agent'>,
  campaignId: string,
  count: number,
  done: Set<string>,
): Promise<string[]> {
  const said: string[] = [];
  while (said.length < count) {
    const missing = count - said.length;
    const hottest = await page(manager, campaignId, campaignsV1.IntentState.INTENT_STATE_DISPATCHED);
    const calm = await page(manager, campaignId, campaignsV1.IntentState.INTENT_STATE_PLANNED);
    const fresh = (intents: readonly campaignsV1.Intent[]): string[] =>
      intents.map(({ contactId }) => contactId).filter((id) => id !== '' && !done.has(id));
    const round = [...new Set([...fresh(hottest).slice(0, AT_ONCE / 4), ...fresh(calm)])].slice(
      0,
      Math.min(missing, AT_ONCE * HOTTEST_EVERY),
    );
    if (round.length === 0) break; // the campaign was faster; what is missing shows in the figures
    for (const id of round) done.add(id);
    await inTurn(round, (contactId) => sayNo(agent, contactId));
    said.push(...round);
  }
  return said;
}

/**
 * A scanner follows links of messages that arrived. A change would be an opt-out of somebody scanned who is not one of
 * those who said no themselves.
 */
export async function scanLinks(
  stage: Stage,
  { manager, tenantId }: Cast,
  welcome: string,
  mailbox: Mailbox,
  whoSaidNo: () => Promise<readonly string[]>,
): Promise<{ scanned: number; changes: number }> {
  const sent = await intentsOf(manager, welcome, { outcome: typesV1.Outcome.OUTCOME_SENT });
  const scanned = sent.slice(0, planOf(stage.options.size).scanned);
  await inTurn(scanned, async ({ intentId }) => scan(await mailbox.oneClickLink(intentId)));
  const themselves = await whoSaidNo();
  const changes = await stage.databases.count(
    'contacts',
    `select count(distinct contact_id) from consent_entry
     where tenant_id = $1 and state = 'opted_out' and contact_id = any($2::uuid[]) and contact_id <> all($3::uuid[])`,
    [tenantId, scanned.map(({ contactId }) => contactId), themselves],
  );
  return { scanned: scanned.length, changes };
}

/** Counts what the mail server saw of those people after their opt-out had committed. */
export async function measureSilence(
  { databases }: Stage,
  tenantId: string,
  campaignId: string,
  contactIds: readonly string[],
  mailbox: Mailbox,
): Promise<SilenceReport> {
  const commits = await databases.rows<{ contact_id: string; address: string; committed_ms: number }>(
    'contacts',
    // The first entry in which this person said no, with the time at which PostgreSQL committed it.
    `select distinct on (c.contact_id) c.contact_id, e.address,
       extract(epoch from pg_xact_commit_timestamp(c.xmin))::float8 * 1000 as committed_ms
     from consent_entry c
     join endpoint e on e.tenant_id = c.tenant_id and e.contact_id = c.contact_id and e.channel = 'email'
     where c.tenant_id = $1 and c.contact_id = any($2::uuid[]) and c.state = 'opted_out'
     order by c.contact_id, c.epoch`,
    [tenantId, contactIds],
  );
  const ends = await databases.rows<{ contact_id: string; concluded_ms: number }>(
    'messaging',
    `select contact_id, extract(epoch from concluded_at)::float8 * 1000 as concluded_ms
     from attempt where tenant_id = $1 and campaign_id = $2 and concluded_at is not null`,
    [tenantId, campaignId],
  );
  const concludedAt = new Map(ends.map(({ contact_id: id, concluded_ms: ms }) => [id, ms]));
  const optOuts = commits.map(({ contact_id: contactId, address, committed_ms: committedAt }): OptOut => {
    const ended = concludedAt.get(contactId);
    return { contactId, address, committedAt, ...(ended !== undefined && { concludedAt: ended }) };
  });
  return silenceOf(optOuts, await mailbox.log());
}

async function sayNo(agent: HeedClient, contactId: string): Promise<void> {
  await agent.consent.recordOptOut({
    requestId: newId(),
    contactId,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    ...{ purpose: PURPOSE, sender: '' },
    source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
    evidence: 'asked on the telephone not to be written to',
    heardFrom: undefined,
  });
}

/** Of the first step: messages. */
export async function intentsOf(
  manager: HeedClient,
  campaignId: string,
  filter: { state?: campaignsV1.IntentState; outcome?: typesV1.Outcome },
): Promise<campaignsV1.Intent[]> {
  const all: campaignsV1.Intent[] = [];
  let pageToken = '';
  do {
    const answer = await manager.campaigns.listIntents(
      campaignsV1.ListIntentsRequest.fromPartial({ campaignId, pageSize: 1000, pageToken, ...filter }),
    );
    all.push(...answer.intents.filter(({ step }) => step === 1));
    pageToken = answer.nextPageToken;
  } while (pageToken !== '');
  return all;
}

async function page(
  manager: HeedClient,
  campaignId: string,
  state: campaignsV1.IntentState,
): Promise<campaignsV1.Intent[]> {
  const { intents } = await manager.campaigns.listIntents(
    campaignsV1.ListIntentsRequest.fromPartial({ campaignId, pageSize: 1000, state }),
  );
  return intents;
}

/** A few at a time, as people and agents are. */
export async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
