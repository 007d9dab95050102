import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HeedClient } from '@heed/client';
import { ConsentChanged, privacyV1, ROLES, SERVICES } from '@heed/contracts';
import { type Manifest, tablesOf } from '@heed/data-map';
import { systemClock } from '@heed/kernel';
import { ask, throughEveryFeature } from './features.js';
import { Installation } from './installation.js';
import { bytesNeedle, needle } from './needles.js';
import { NEEDLES, PERSON } from './person.js';
import {
  inColumns,
  inKafka,
  inObjects,
  inPostgresLog,
  inPrinted,
  inStatistics,
  inTelemetry,
} from './places.js';
import { parkedKeys, plantPoison } from './poison.js';
import { type Answer, provokeErrors } from './provoke.js';

/**
 * Where something of the person may be found, and why. Besides: the columns that the data map declares as personal and
 * not as sealed, until the erasure. Not searched: the mail server and the carrier, which are the world outside, and
 * PostgreSQL's own files, which the data map declares as copies (WAL, dead rows until they are vacuumed).
 */
const EXCEPTIONS = {
  /** gRPC itself answers with the name of the method that was asked for. It is told to whoever sent it and to no log. */
  answer: 'a method nobody serves',
  /** A stranger's record lies in its topic as it was written: Kafka asks nobody (I3 holds for what services publish). */
  topic: ConsentChanged.topic,
  /** And, until its key is released, where it was parked: bytes as they came, so that they can be tried again. */
  parked: /^campaigns heed\.parked\.payload: broken(Email|Text)$/,
  /** A refused row in which no address can be read leads to nobody. Whoever sent the file may mend it for seven days. */
  afterwards: 'contacts import_reject.cells: addressless',
};

interface Found {
  columns: string[];
  statistics: string[];
  objects: { files: number; findings: string[] };
}

describe('a person with traits that are nowhere else', () => {
  const installation = new Installation();
  let contactId: string;
  let answers: Answer[];
  let planted: string[] = [];
  let declared: Set<string>;
  let before: Found;
  let after: Found;
  let swept: privacyV1.Sweep;
  let bus: Awaited<ReturnType<typeof inKafka>> | undefined;
  let told: { printed: string[]; telemetry: string[]; postgres: string[] | undefined };

  beforeAll(async () => {
    await installation.start();
    const staff = await installation.member('acme', [...ROLES]);
    const person = await throughEveryFeature(installation, staff, 'acme');
    contactId = person.contactId;
    const needles = [...NEEDLES, bytesNeedle('recording', person.spoken)];
    const { lists } = await staff.lists.listLists({ pageSize: 1, pageToken: '', nameContains: '' });
    answers = await provokeErrors(installation, staff, 'acme', { listId: lists[0]!.listId, contactId });
    if (installation.parts.kafka) {
      planted = await plantPoison(installation);
      await parkedKeys(installation, 4);
    }
    declared = await personalColumns(staff);
    const look = async (): Promise<Found> => ({
      columns: await inColumns(installation, needles),
      statistics: await inStatistics(installation, needles),
      objects: inObjects(installation, needles),
    });
    before = await look();
    for (const by of [{ email: PERSON.email }, { memberId: person.memberId }]) {
      const { state } = await ask(staff, privacyV1.Right.RIGHT_ERASURE, by);
      if (state !== privacyV1.RequestState.REQUEST_STATE_COMPLETED)
        throw new Error(`the erasure ended in ${state}`);
    }
    swept = await sweep(installation.operator);
    after = await look();
    if (installation.parts.kafka)
      bus = await inKafka(installation, [...needles, needle('their id', contactId)]);
    await installation.collector.caughtUp();
    told = {
      printed: inPrinted(installation, needles),
      telemetry: inTelemetry(installation, needles),
      postgres: inPostgresLog(installation, needles),
    };
  }, 240_000);
  afterAll(() => installation.stop());

  it('I4 is held by columns that the data map declares, and by no others', () => {
    const columns = before.columns.filter((finding) => !EXCEPTIONS.parked.test(finding));
    expect(columns.filter((finding) => !declared.has(finding.split(': ')[0]!))).toEqual([]);
    // The search finds what is there.
    expect(columns).toEqual(
      expect.arrayContaining([
        ...['contacts contact.last_name: lastName', 'contacts endpoint.address: phone'],
        ...['contacts import_reject.cells: rejectedEmail', 'identity member.email: member email'],
      ]),
    );
  });

  it('4.2 is in nothing that the services print, nor in the log of PostgreSQL', () => {
    const printed = Buffer.concat(installation.printed).toString();
    expect(printed.match(/"msg":"ready"/g)).toHaveLength(SERVICES.length);
    expect(printed).toContain('/v1/lists/:listId/imports');
    expect(told.printed).toEqual([]);
    // Another server than ours writes its log elsewhere; that it holds no values is checked when a service starts.
    expect(told.postgres ?? []).toEqual([]);
  });

  it('is in no span and in no metric', () => {
    const paths = new Set(installation.collector.received.map(({ path }) => path));
    expect([...paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
    const spans = installation.collector.received.map(({ body }) => body.toString()).join('');
    expect(spans).toContain('heed.contacts.v1.ConsentService/RecordOptOut');
    expect(told.telemetry).toEqual([]);
  });

  it('3.2 is in no record, key, header or dead letter of the bus', () => {
    // Without Kafka the outboxes are the bus: they are among the columns.
    const findings = bus?.findings.filter((finding) => !finding.endsWith(': their id')) ?? [];
    expect(findings.filter((finding) => !planted.includes(finding.split(': ')[0]!))).toEqual([]);
    if (bus === undefined) return;
    expect(bus.findings.some((finding) => finding.endsWith(': their id'))).toBe(true);
    expect(planted.every((place) => place.includes(EXCEPTIONS.topic))).toBe(true);
    expect(bus.topics.filter((topic) => topic.endsWith('.dlt'))).toHaveLength(1);
  });

  it('4.2 is in no statistics of PostgreSQL, neither before the erasure nor after it', () => {
    expect([...before.statistics, ...after.statistics]).toEqual([]);
  });

  it('is in no answer to broken input, and nothing of that is taken', () => {
    const needles = [...NEEDLES, needle('member', 'mirabel.thistlequartz')];
    const leaks = answers.filter(({ said }) =>
      needles.some((one) => one.plain.some((form) => said.toLowerCase().includes(form))),
    );
    expect(leaks.map(({ to }) => to)).toEqual([EXCEPTIONS.answer]);
    expect(answers.filter(({ said }) => said === 'taken').map(({ to }) => to)).toEqual([]);
    expect(answers.length).toBeGreaterThan(50);
  });

  it('lies sealed where objects lie, until it is gone', () => {
    expect(before.objects.files).toBeGreaterThan(0);
    expect([...before.objects.findings, ...after.objects.findings]).toEqual([]);
  });

  it('6.7 is found by no sweep of all services, which looked everywhere', () => {
    const { parts, requests } = swept;
    expect(requests).toBe(2);
    expect(parts.map(({ service, found }) => [service, found])).toEqual(
      [...SERVICES].sort().map((service) => [service, 0]),
    );
  });

  it('6.7 10.10 is in no column of any database once erased, whatever the encoding', () => {
    const columns = after.columns.filter((finding) => !EXCEPTIONS.parked.test(finding));
    expect(columns).toEqual([EXCEPTIONS.afterwards]);
  });
});

/** The search of the night, now. */
async function sweep(operator: HeedClient): Promise<privacyV1.Sweep> {
  const { sweep: begun } = await operator.sweeps.beginSweep({});
  for (;;) {
    const { sweeps } = await operator.sweeps.listSweeps({ pageSize: 1, pageToken: '' });
    if (sweeps[0]?.sweepId === begun?.sweepId && sweeps[0]?.endedAt) return sweeps[0];
    await systemClock.wait(100);
  }
}

/** `contacts contact.first_name`: what may hold a trait in clear while the person is known. */
async function personalColumns(staff: HeedClient): Promise<Set<string>> {
  const columns = new Set<string>();
  for (const service of SERVICES) {
    const { manifest } = await staff.dataRights(service).getManifest({});
    for (const table of tablesOf(JSON.parse(manifest.toString()) as Manifest)) {
      for (const column of table.columns) {
        const clear = column.holds === 'personal-json' || (column.holds === 'personal' && !column.sealed);
        if (clear) columns.add(`${service} ${table.name}.${column.name}`);
      }
    }
  }
  return columns;
}
