import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { campaignsV1, typesV1 } from '@heed/contracts';
import { applyTopics } from '@heed/events';
import { newId } from '@heed/kernel';
import { Cluster, endpointsOf, Steps, TraceSink, traceTree, type TreeNode } from '@heed/launcher';
import { currentSpanIds, currentTraceparent, withSpan } from '@heed/telemetry';
import { Databases } from '../src/databases.js';
import { Expectations } from '../src/expectations.js';
import { storyFolder, type Cast, type Stage } from '../src/stage.js';
import { follow, startCampaign } from '../src/steps/campaigns.js';
import { importInto } from '../src/steps/import.js';
import { Mailbox } from '../src/steps/mailbox.js';
import { foundTenant } from '../src/steps/people.js';
import { workRequest } from '../src/steps/requests.js';

jest.setTimeout(240_000);

const PATIENCE_MS = 60_000;
const PERSON = { email: 'ann@example.org', firstName: 'Ann' };

let sink: TraceSink;
let cluster: Cluster;
let stage: Stage;
let cast: Cast;
let listId: string;
let dataDir: string;

beforeAll(async () => {
  // All six as processes that export by OTLP, as to anybody's collector: everything is recorded, SQL too.
  sink = await TraceSink.open(100_000);
  dataDir = mkdtempSync(join(tmpdir(), 'heed-traces-'));
  chmodSync(dataDir, 0o711);
  const quiet = new Steps(() => undefined);
  cluster = new Cluster({
    ...{ dataDir, steps: quiet, throwAway: true },
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${sink.url}/v1/traces`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      // None is dropped where the machine is too busy to export them at once.
      OTEL_BSP_MAX_QUEUE_SIZE: '100000',
    },
    applyTopics: ({ connection }) => applyTopics(connection),
  });
  await cluster.start();
  const endpoints = endpointsOf(cluster.run);
  stage = {
    ...{ cluster, endpoints, steps: quiet, expect: new Expectations() },
    options: { once: true, size: 3 },
    databases: new Databases(cluster.run.postgres),
    folder: storyFolder(dataDir, 'traces'),
  };
  cast = await foundTenant(stage, `traces-${newId().slice(-8)}`);
  const { list } = await cast.manager.lists.createList({ requestId: newId(), name: 'Everybody' });
  listId = list!.listId;
  const file = join(stage.folder, 'people.csv');
  const consent = 'newsletter,email,consent,2026-01-01T00:00:00Z,form';
  writeFileSync(
    file,
    `email,first_name,consent_purpose,consent_channel,consent_basis,consent_at,consent_source\n` +
      `${PERSON.email},${PERSON.firstName},${consent}\nbob@example.org,Bob,${consent}\n`,
  );
  await importInto(cast.manager, listId, file);
});

afterAll(async () => {
  for (const member of cast ? [cast.owner, cast.manager, cast.officer, cast.agent] : []) member.close();
  await stage?.databases.close();
  await cluster?.stop();
  await sink?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Looks at the tree until it shows all of this: exporters send now and then, not at once. */
async function treeWith(traceId: string, wanted: RegExp[]): Promise<string[]> {
  let lines: string[] = [];
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await pause(100)) {
    lines = pathsOf(traceTree(sink.spans, traceId));
    if (wanted.every((one) => lines.some((line) => one.test(line)))) break;
  }
  return lines;
}

/** Every node with what it stands below: `contacts a > campaigns b`. */
function pathsOf(nodes: readonly TreeNode[], above = ''): string[] {
  return nodes.flatMap(({ service, name, children }) => {
    const path = `${above}${service} ${name}`;
    return [path, ...pathsOf(children, `${path} > `)];
  });
}

function expectAll(lines: string[], wanted: RegExp[]): void {
  expect(wanted.filter((one) => !lines.some((line) => one.test(line)))).toEqual([]);
}

const root = <T>(work: () => Promise<T>) =>
  withSpan('spec', {}, async () => ({ ...currentSpanIds(), result: await work() }), { root: true });

describe('one trace', () => {
  let intentId: string;

  it('a send: from the start of the campaign by the step that asked for it to the mail server, and back', async () => {
    const { traceId, result: campaignId } = await root(() =>
      startCampaign(cast.manager, {
        ...{ name: 'Traced', subject: 'Hello', text: 'Hello {{ first_name }}', listId },
        ...{ ratePerSecond: 100, limit: 0 },
      }),
    );
    await follow(cast.manager, campaignId);
    const { intents } = await cast.manager.campaigns.listIntents(
      campaignsV1.ListIntentsRequest.fromPartial({
        ...{ campaignId, pageSize: 10, outcome: typesV1.Outcome.OUTCOME_SENT },
      }),
    );
    intentId = intents[0]!.intentId;
    const step = 'campaigns campaign\\.dispatch > .*';
    const wanted = [
      /^campaigns heed\.campaigns\.v1\.CampaignsService\/StartCampaign/,
      /campaigns campaign\.plan > .*contacts heed\.contacts\.v1\.ListsService\/StreamMembers/,
      new RegExp(`${step}messaging inbox\\.handle messaging\\.dispatch`),
      new RegExp(`${step}contacts heed\\.contacts\\.v1\\.PermitsService/BatchIssuePermits`),
      new RegExp(`${step}messaging message\\.send > messaging permit\\.use`),
      new RegExp(`${step}campaigns inbox\\.handle campaigns\\.conclude`),
      new RegExp(`${step}contacts .*> contacts pg`),
    ];
    expectAll(await treeWith(traceId!, wanted), wanted);
  });

  it("an opt-out: from a mail program's POST to the campaigns that must skip", async () => {
    const { mail } = cluster.run;
    const link = await new Mailbox(mail!.httpUrl, mail!.eventLog).oneClickLink(intentId);
    const { traceId } = await root(() =>
      fetch(link, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          traceparent: currentTraceparent()!,
        },
        body: 'List-Unsubscribe=One-Click',
      }),
    );
    const wanted = [
      /^contacts POST /,
      /^contacts POST .*> campaigns inbox\.handle campaigns\.skip-opted-out/,
    ];
    expectAll(await treeWith(traceId!, wanted), wanted);
  });

  it('an erasure: through all six services, orders, receipts and probes', async () => {
    const person = { ...PERSON } as Parameters<typeof workRequest>[3];
    const { traceId } = await root(() => workRequest(stage, cast.officer, 'erasure', person));
    const from = '^privacy heed\\.privacy\\.v1\\.RequestsService/CreateRequest > .*';
    const services = Object.keys(cluster.run.services);
    const wanted = [
      new RegExp(`${from}contacts heed\\.contacts\\.v1\\.PermitsService/StopPermits`),
      new RegExp(`${from}privacy work\\.seal-erase`),
      ...services.map((service) => new RegExp(`${from}${service} inbox\\.handle ${service}\\.orders`)),
      ...services.map((service) => new RegExp(`${from}${service} work\\.orders`)),
      new RegExp(`${from}privacy inbox\\.handle privacy\\.receipts`),
      new RegExp(`${from}privacy work\\.seal-probe`),
      new RegExp(`${from}privacy work\\.closings`),
    ];
    expectAll(await treeWith(traceId!, wanted), wanted);
  });
});
