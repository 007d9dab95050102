import { createHash, randomBytes } from 'node:crypto';
import { contactsV1, datarightsV1, privacyV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { callPerson, findContact } from '../tools/story/src/steps/call.js';
import { type Bench } from './bench.js';
import { emailOf, peopleIn } from './people.js';
import { type Town } from './place.js';

const TIMES = 5;
const AT_ONCE = 8;
const CALLS_AT_ONCE = 4;

/**
 * An access package, from the request taken to the last byte handed over: of somebody with that many rows and
 * recordings. Memory of privacy is looked at while it is built and handed out: it may not grow with the package.
 */
export const accessPackage: Bench = {
  name: 'access',
  run: async (place) => {
    const [rows, recordings] = [place.scaled(1_000, 50), place.scaled(20, 2)];
    const town = await place.town('bench-access');
    await peopleIn(town, place, 1);
    const contactId = await findContact(town.cast.officer, emailOf(0));
    await say(town, contactId, rows);
    await inLanes(recordings, CALLS_AT_ONCE, async () => {
      await callPerson(town.stage, town.cast, contactId);
    });
    place.say(`${rows} entries and ${recordings} recordings of one person`);

    const cluster = await place.cluster();
    const memoryOf = async (): Promise<number> => (await cluster.memory())['privacy'] ?? 0;
    const before = await memoryOf();
    const taken: number[] = [];
    let [bytes, files, peak] = [0, 0, before];
    for (let n = 0; n < TIMES; n += 1) {
      const begun = performance.now();
      const got = await handedOver(town);
      taken.push(performance.now() - begun);
      ({ bytes, files } = got);
      peak = Math.max(peak, await memoryOf());
    }
    taken.sort((a, b) => a - b);
    return [
      {
        name: `access package of ${rows.toLocaleString('en-US')} rows, ${recordings} recordings`,
        value: taken[Math.floor(TIMES / 2)]! / 1_000,
        unit: 's',
        floor: await bareSeconds(town, contactId, bytes),
        aim: { atMost: 3 },
        notes: {
          ...{ bytes, files, slowestSeconds: taken.at(-1)! / 1_000 },
          ...{ privacyMbBefore: before, privacyMbAfter: peak },
        },
      },
    ];
  },
};

/** Entries of the consent ledger, each with evidence that is sealed. */
async function say({ cast }: Town, contactId: string, count: number): Promise<void> {
  await inLanes(count, AT_ONCE, async (n) => {
    await cast.agent.consent.recordConsent(
      contactsV1.RecordConsentRequest.fromPartial({
        ...{ requestId: newId(), contactId, basis: 'consent', channel: typesV1.Channel.CHANNEL_EMAIL },
        ...{ purpose: 'newsletter', evidence: `agreed on the telephone, for the ${n + 1}. time` },
      }),
    );
  });
}

async function inLanes(count: number, lanes: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await task(n);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Asked for, worked, and fetched whole. */
async function handedOver({ cast }: Town): Promise<{ bytes: number; files: number }> {
  const { requests } = cast.officer;
  const { request } = await requests.createRequest(
    privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), right: privacyV1.Right.RIGHT_ACCESS, email: emailOf(0) },
      ...{ subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT, verification: 'email_code' },
    }),
  );
  const { requestId } = request!;
  let { state } = request!;
  for await (const { request: now } of requests.watchRequest({ requestId }, { timeoutMs: 60_000 })) {
    state = now?.state ?? state;
  }
  if (state !== privacyV1.RequestState.REQUEST_STATE_COMPLETED) throw new Error('no access package was made');
  const sizes = new Map<string, number>();
  for await (const { name, chunk } of requests.streamAccessPackage({ requestId })) {
    sizes.set(name, (sizes.get(name) ?? 0) + chunk.length);
  }
  return { bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), files: sizes.size };
}

/** The rows selected by plain SQL, and as many bytes as the package has hashed once: the least that an answer costs. */
async function bareSeconds({ stage }: Town, contactId: string, bytes: number): Promise<number> {
  const all = randomBytes(bytes);
  const begun = performance.now();
  const rows = await stage.databases.rows('contacts', 'select * from consent_entry where contact_id = $1', [
    contactId,
  ]);
  createHash('sha256').update(JSON.stringify(rows)).update(all).digest();
  return (performance.now() - begun) / 1_000;
}
