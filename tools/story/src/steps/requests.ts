import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { type HeedClient } from '@heed/client';
import { newId } from '@heed/kernel';
import { type Person } from '../example/example-contacts.js';
import { type RequestFigures } from '../report.js';
import { type Stage } from '../stage.js';

const FOLLOW_MS = 5 * 60_000;
const UNSPECIFIED = datarightsV1.StoreOutcome.STORE_OUTCOME_UNSPECIFIED;

export interface WorkedRequest {
  figures: RequestFigures;
  request: privacyV1.Request;
}

/** Step 7: a person asks; every store's answer is said as its receipt arrives, then the probes, then the certificate. */
export async function workRequest(
  stage: Stage,
  officer: HeedClient,
  right: RequestFigures['right'],
  person: Person,
): Promise<WorkedRequest> {
  const { steps, expect, folder } = stage;
  const begun = performance.now();
  const { request: taken } = await officer.requests.createRequest({
    requestId: newId(),
    right: right === 'erasure' ? privacyV1.Right.RIGHT_ERASURE : privacyV1.Right.RIGHT_ACCESS,
    subjectId: '',
    subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    email: person.email,
    phone: '',
    verification: 'email_code',
    objects: right === 'erasure',
    replyTo: '',
    informed: '',
    corrections: [],
    withoutSuppression: false,
  });
  const { requestId } = taken!;
  const said = new Set<string>();
  let last = taken!;
  for await (const { request } of officer.requests.watchRequest({ requestId }, { timeoutMs: FOLLOW_MS })) {
    if (!request) continue;
    last = request;
    for (const line of request.stores.flatMap(answersOf)) {
      if (said.has(line)) continue;
      said.add(line);
      steps.say(`${String(Math.round(performance.now() - begun)).padStart(5)} ms  ${line}`);
    }
  }
  const ms = Math.round(performance.now() - begun);
  expect.equal(`${right}: state`, last.state, privacyV1.RequestState.REQUEST_STATE_COMPLETED);
  const { certificate } = await officer.requests.getCertificate({ requestId });
  const path = join(folder, `${right}.certificate.json`);
  writeFileSync(path, certificate, { mode: 0o600 });
  return {
    request: last,
    figures: {
      right,
      requestId: last.requestId,
      state: privacyV1.requestStateToJSON(last.state).replace('REQUEST_STATE_', '').toLowerCase(),
      stores: last.storesExpected,
      receipts: last.stores.filter(({ outcome }) => outcome !== UNSPECIFIED).length,
      probes: last.stores.filter(({ probe }) => probe !== UNSPECIFIED).length,
      ms,
      certificate: path,
    },
  };
}

function answersOf({ service, store, outcome, count, detail, probe }: privacyV1.StoreState): string[] {
  const word = (value: datarightsV1.StoreOutcome): string =>
    datarightsV1.storeOutcomeToJSON(value).replace('STORE_OUTCOME_', '').toLowerCase().replaceAll('_', ' ');
  const name = `${service.padEnd(10)} ${store.padEnd(36)}`;
  const lines: string[] = [];
  if (outcome !== UNSPECIFIED) lines.push(`${name} ${word(outcome)} (${count})${detail && ` ${detail}`}`);
  if (probe !== UNSPECIFIED) lines.push(`${name} ${word(probe)}`);
  return lines;
}

/** The copy that the person gets: as data for programs, and as a page for people. */
export async function fetchPackage(
  { expect, folder }: Stage,
  officer: HeedClient,
  requestId: string,
  person: Person,
): Promise<{ files: Record<string, number>; sha256: string }> {
  const parts = new Map<string, Buffer[]>();
  for await (const { name, chunk } of officer.requests.streamAccessPackage({ requestId })) {
    parts.set(name, [...(parts.get(name) ?? []), Buffer.from(chunk)]);
  }
  const hash = createHash('sha256');
  const files: Record<string, number> = {};
  for (const [name, chunks] of parts) {
    const bytes = Buffer.concat(chunks);
    files[name] = bytes.length;
    hash.update(bytes);
    writeFileSync(join(folder, basename(name)), bytes, { mode: 0o600 });
    if (!/^data\.(json|html)$/.test(name)) continue;
    expect.that(bytes.includes(person.email), `access: ${name} does not hold the person's address`);
  }
  for (const name of ['data.json', 'data.html'])
    expect.that(name in files, `access: the package has no ${name}`);
  return { files, sha256: hash.digest('hex') };
}
