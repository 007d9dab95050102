import { setTimeout as pause } from 'node:timers/promises';
import { type HeedClient } from '@heed/client';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { startCampaign, follow } from '../tools/story/src/steps/campaigns.js';
import { Mailbox } from '../tools/story/src/steps/mailbox.js';
import { measureSilence } from '../tools/story/src/steps/opt-outs.js';
import { type Bench } from './bench.js';
import { peopleIn, PURPOSE } from './people.js';
import { type Place, type Town } from './place.js';

const AGENTS = 8;
/** One in so many of those who are next says no. */
const NEXT_OF = 4;

/** People say no while their message is with the sender: how long after the commit the last attempt begins. */
export const optOutRace: Bench = {
  name: 'opt-out',
  run: async (place) => {
    const optOuts = place.scaled(300, 20);
    // The campaign must last until the last of them has said no: some seconds, at any scale.
    const people = place.scaled(10_000, 4_000);
    const town = await place.town('bench-opt-out');
    const { stage, cast } = town;
    const listId = await peopleIn(town, place, people);
    const campaignId = await startCampaign(cast.manager, {
      ...{ name: 'Race', subject: 'News', text: 'These are the news.', listId },
      ...{ ratePerSecond: 10_000, limit: 0 },
    });
    await firstMail(town, campaignId);
    const said = await sayNoToTheNext(town, campaignId, optOuts);
    await follow(cast.manager, campaignId);
    const { httpUrl, eventLog } = stage.cluster.run.mail!;
    const mailbox = new Mailbox(httpUrl, eventLog);
    const silence = await measureSilence(stage, cast.tenantId, campaignId, said, mailbox);
    if (silence.attemptsAfter > 0)
      throw new Error(`${silence.attemptsAfter} attempts after one permit lifetime`);
    const bare = await bareSignals(place, optOuts);
    return [
      {
        name: 'opt-out commit to last attempt begun, raced, p99',
        value: silence.silenceMs.p99,
        unit: 'ms',
        floor: bare.p99,
        aim: { atMost: 20 },
        notes: { ...silence, bareSignals: bare },
      },
    ];
  },
};

/** Resolves when a mail was handed over. Asked where it is known first: campaigns hears of it later, and tells later still. */
async function firstMail({ stage, cast }: Town, campaignId: string): Promise<void> {
  const sent = `select 1 from attempt where tenant_id = $1 and campaign_id = $2 and state = 'concluded' limit 1`;
  while ((await stage.databases.rows('messaging', sent, [cast.tenantId, campaignId])).length === 0)
    await pause(5);
}

/**
 * Those who are next: their mail is with the sender or a moment before it. Found behind messaging's back, since no API
 * tells who is about to be written to.
 */
async function sayNoToTheNext({ stage, cast }: Town, campaignId: string, count: number): Promise<string[]> {
  const said = new Set<string>();
  while (said.size < count) {
    const next = await stage.databases.rows<{ contact_id: string }>(
      'messaging',
      `select contact_id from attempt
       where tenant_id = $1 and campaign_id = $2 and state in ('queued', 'armed') and contact_id <> all ($3::uuid[])
       order by next_at, row_id limit $4`,
      [cast.tenantId, campaignId, [...said], Math.min(AGENTS * NEXT_OF, (count - said.size) * NEXT_OF)],
    );
    if (next.length === 0) {
      // Senders may have been quicker than the next are handed out.
      const { campaign } = await cast.manager.campaigns.getCampaign({ campaignId });
      if (campaign?.finishedAt) throw new Error(`the campaign ended after ${said.size} of ${count} opt-outs`);
      await pause(5);
      continue;
    }
    // Some that are being sent, some a little behind them.
    const chosen = next.filter((_, at) => at % NEXT_OF === 0).map(({ contact_id: id }) => id);
    await Promise.all(chosen.map((contactId) => sayNo(cast.agent, contactId)));
    chosen.forEach((id) => said.add(id));
  }
  return [...said];
}

async function sayNo(agent: HeedClient, contactId: string): Promise<void> {
  await agent.consent.recordOptOut({
    ...{ requestId: newId(), contactId, purpose: PURPOSE, sender: '', evidence: '' },
    heardFrom: undefined,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
  });
}

/** The bare thing: one row committed, a message on NATS, heard over another connection. From the commit to the ear. */
async function bareSignals(place: Place, count: number) {
  const { parts } = await place.parts();
  if (!parts.nats) throw new Error('there is no NATS here: without signals there is no race to measure');
  const client = new pg.Client({ connectionString: await place.postgres() });
  const [mouth, ear] = await Promise.all([1, 2].map(() => connect({ servers: parts.nats!.url })));
  await client.connect();
  try {
    await client.query('create table if not exists bench_opt_out (id uuid primary key)');
    const heard = ear!.subscribe('bench.opt-out')[Symbol.asyncIterator]();
    await ear!.flush();
    const delays: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const next = heard.next();
      await client.query('insert into bench_opt_out values ($1)', [newId()]);
      const committed = performance.now();
      mouth!.publish('bench.opt-out', '{}');
      await next;
      delays.push(performance.now() - committed);
      await pause(10);
    }
    return percentiles(delays);
  } finally {
    await client.query('drop table if exists bench_opt_out');
    await Promise.all([client.end(), mouth!.close(), ear!.close()]);
  }
}
