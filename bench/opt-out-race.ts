import { setTimeout as pause } from 'node:timers/promises';
import { type HeedClient } from '@heed/client';
import { campaignsV1, contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { startCampaign, follow } from '../tools/story/src/steps/campaigns.js';
import { Mailbox } from '../tools/story/src/steps/mailbox.js';
import { measureSilence } from '../tools/story/src/steps/opt-outs.js';
import { type Bench } from './bench.js';
import { peopleIn, PURPOSE } from './people.js';
import { type Place } from './place.js';

const AGENTS = 8;
const RATE_PER_SECOND = 400;

/** People say no while their message is with the sender: how long after the commit the last attempt begins. */
export const optOutRace: Bench = {
  name: 'opt-out',
  run: async (place) => {
    const optOuts = place.scaled(300, 20);
    // Everybody who said no has been handed out, and so have others: the campaign must last that long.
    const people = place.scaled(6_000, 400);
    const town = await place.town('bench-opt-out');
    const { stage, cast } = town;
    const listId = await peopleIn(town, place, people);
    const campaignId = await startCampaign(cast.manager, {
      ...{ name: 'Race', subject: 'News', text: 'These are the news.', listId },
      ...{ ratePerSecond: RATE_PER_SECOND, limit: 0 },
    });
    await follow(cast.manager, campaignId, (campaign) => Number(campaign.ledger?.sent ?? 0n) > 0);
    const said = await sayNoToTheHottest(cast.manager, cast.agent, campaignId, optOuts);
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
        aim: { atMost: 50 },
        notes: { ...silence, bareSignals: bare },
      },
    ];
  },
};

/** Only people whose intent was handed out and has not ended: their mail may be on its way at this very moment. */
async function sayNoToTheHottest(
  manager: HeedClient,
  agent: HeedClient,
  campaignId: string,
  count: number,
): Promise<string[]> {
  const said = new Set<string>();
  while (said.size < count) {
    const { intents } = await manager.campaigns.listIntents({
      ...{ campaignId, pageSize: 1_000, pageToken: '', contactId: '' },
      state: campaignsV1.IntentState.INTENT_STATE_DISPATCHED,
      outcome: typesV1.Outcome.OUTCOME_UNSPECIFIED,
    });
    const fresh = intents
      .map(({ contactId }) => contactId)
      .filter((id) => !said.has(id))
      .slice(0, Math.min(AGENTS, count - said.size));
    const { campaign } = await manager.campaigns.getCampaign({ campaignId });
    if (fresh.length === 0 && campaign?.ledger?.open === 0n)
      throw new Error(`the campaign ended after ${said.size} of ${count} opt-outs`);
    await Promise.all(fresh.map((contactId) => sayNo(agent, contactId)));
    fresh.forEach((id) => said.add(id));
  }
  return [...said];
}

async function sayNo(agent: HeedClient, contactId: string): Promise<void> {
  await agent.consent.recordOptOut({
    ...{ requestId: newId(), contactId, purpose: PURPOSE, evidence: '' },
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
