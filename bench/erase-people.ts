import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { percentiles } from '../tools/story/src/measure/percentiles.js';
import { follow, startCampaign } from '../tools/story/src/steps/campaigns.js';
import { bareErasure } from './bare-erasure.js';
import { type Bench } from './bench.js';
import { emailOf, peopleIn } from './people.js';
import { type Town } from './place.js';
import { completed } from './completed.js';
import { cpuOf } from './process-cpu.js';

const ALONE = 20;
/** In one call, and calls at a time. */
const A_CALL = 500;
const CALLS = 2;

/**
 * Erasures a second over the six services, from the first request taken to the last one completed, with all receipts,
 * probes and leaves; and how long one takes while nothing else happens.
 */
export const erasePeople: Bench = {
  name: 'erasures',
  run: async (place) => {
    const queued = place.scaled(1_000, 50);
    const town = await place.town('bench-erasures');
    const listId = await peopleIn(town, place, ALONE * 2 + queued * 2);
    await writeToAll(town, listId);
    place.say(`${ALONE * 2 + queued * 2} people imported and written to`);

    for (let n = 0; n < ALONE; n += 1) {
      await ask(town, n);
      await completed(town, n + 1);
    }
    const alone = percentiles(await durations(town));
    place.say(`${ALONE} one by one: p50 ${alone.p50} ms, max ${alone.max} ms`);

    const cpu = await cpuOf(place);
    const asked = performance.now();
    await askForAll(town, queued);
    const queuedInMs = Math.round(performance.now() - asked);
    place.say(`${queued} queued in ${queuedInMs} ms`);
    await completed(town, ALONE + queued);
    const seconds = (await spanMs(town, queued)) / 1_000;
    const stages = await stagesOf(town, queued);
    const cpuMsAnErasure = cpu.per(queued);

    const rest = Array.from({ length: ALONE + queued }, (_, n) => emailOf(ALONE + queued + n));
    const bare = await bareErasure(town, rest.slice(ALONE), rest.slice(0, ALONE));
    return [
      {
        name: `erasures, ${queued.toLocaleString('en-US')} queued`,
        value: queued / seconds,
        unit: 'erasures/s',
        floor: bare.perSecond,
        aim: { atLeast: 150 },
        notes: { seconds, queuedInMs, stages, cpuMsAnErasure, bareTables: bare.tables },
      },
      {
        name: 'one erasure alone, p50',
        value: alone.p50,
        unit: 'ms',
        floor: bare.aloneMs,
        aim: { atMost: 500 },
        notes: { ...alone },
      },
    ];
  },
};

/** So that there is something to erase in every service that a campaign touches. */
async function writeToAll({ cast }: Town, listId: string): Promise<void> {
  const campaignId = await startCampaign(cast.manager, {
    ...{ name: 'Before', subject: 'News', text: 'These are the news.', listId },
    ...{ ratePerSecond: 10_000, limit: 0 },
  });
  await follow(cast.manager, campaignId);
}

async function ask({ cast }: Town, n: number): Promise<void> {
  await cast.officer.requests.createRequest({
    ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ERASURE, subjectId: '' },
    subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    ...{
      email: emailOf(n),
      phone: '',
      verification: 'email_code',
      objects: true,
      replyTo: '',
      informed: '',
      corrections: [],
      withoutSuppression: false,
    },
  });
}

/** As an officer works a backlog: by id, many in a call. */
async function askForAll({ stage, cast }: Town, queued: number): Promise<void> {
  const emails = Array.from({ length: queued }, (_, n) => emailOf(ALONE + n));
  const people = await stage.databases.rows<{ id: string }>(
    'contacts',
    'select contact_id as id from endpoint where tenant_id = $1 and address = any ($2::text[])',
    [cast.tenantId, emails],
  );
  if (people.length !== queued) throw new Error(`${queued} people, ${people.length} found`);
  let next = 0;
  const officer = async (): Promise<void> => {
    for (let at = next; at < queued; at = next) {
      next = at + A_CALL;
      const contactIds = people.slice(at, next).map(({ id }) => id);
      await cast.officer.requests.batchCreateErasures({
        ...{
          requestId: newId(),
          contactIds,
          verification: 'email_code',
          objects: true,
          withoutSuppression: false,
        },
      });
    }
  };
  await Promise.all(Array.from({ length: CALLS }, officer));
}

async function durations({ stage, cast }: Town): Promise<number[]> {
  const rows = await stage.databases.rows<{ ms: number }>(
    'privacy',
    `select extract(epoch from closed_at - received_at)::float8 * 1000 as ms from request where tenant_id = $1`,
    [cast.tenantId],
  );
  return rows.map(({ ms }) => Math.round(ms));
}

/** From the first of the last so many to the end of the last. */
function spanMs({ stage, cast }: Town, count: number): Promise<number> {
  return stage.databases.count(
    'privacy',
    `select extract(epoch from max(closed_at) - min(received_at))::float8 * 1000 as count
     from (select * from request where tenant_id = $1 order by received_at desc limit $2) r`,
    [cast.tenantId, count],
  );
}

/** When the orders of each kind had left, and when the last service had answered them: seconds from the first one taken. */
async function stagesOf({ stage, cast }: Town, count: number): Promise<Record<string, string>> {
  const rows = await stage.databases.rows<{
    action: string;
    batches: number;
    left: number;
    by: string;
    in: number;
  }>(
    'privacy',
    `with these as (select * from request where tenant_id = $1 order by received_at desc limit $2),
       begun as (select min(received_at) as at from these),
       batches as (
         select distinct b.batch_id, b.action, b.issued_at from subject_order o
         join these using (request_id) join issued_batch b on b.batch_id = o.batch_id
       ), heard as (
         select action, service, max(coalesce(r.verified_at, r.received_at)) as at
         from batches join batch_receipt r using (batch_id) group by action, service
       )
     select b.action, b.batches, extract(epoch from b.at - begun.at)::float8 as left, h.service as by,
       extract(epoch from h.at - begun.at)::float8 as in
     from begun, heard h join (
       select action, count(*)::int as batches, max(issued_at) as at from batches group by action
     ) b using (action) order by b.action, h.at`,
    [cast.tenantId, count],
  );
  const byAction = Map.groupBy(
    rows,
    ({ action, batches, left }) => `${action}: ${batches} batches left by ${left.toFixed(2)}`,
  );
  return Object.fromEntries(
    [...byAction].map(([action, answers]) => [
      action,
      answers.map((answer) => `${answer.by} ${answer.in.toFixed(2)}`).join(', '),
    ]),
  );
}
