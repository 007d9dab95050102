import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HeedClient } from '@heed/client';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';
import { type Stage } from '../stage.js';

const FOLLOW_MS = 5 * 60_000;

export interface Certified {
  /** How many stores say so in the certificate. */
  said(outcome: string): number;
  ms: number;
}

/**
 * Works a request of a contact to its end. Its certificate is kept under that name; it verifies, or this throws.
 * `taken` is done as soon as the request is taken, and its time not counted.
 */
export async function certified(
  { folder }: Stage,
  { requests, log }: HeedClient,
  name: string,
  asked: Partial<privacyV1.CreateRequestRequest>,
  taken: (request: privacyV1.Request) => Promise<void> = () => Promise.resolve(),
): Promise<Certified> {
  const { request } = await requests.createRequest(
    privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), verification: 'email_code' },
      ...{ subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT, ...asked },
    }),
  );
  const { requestId } = request!;
  await taken(request!);
  const begun = performance.now();
  for await (const { request: now } of requests.watchRequest({ requestId }, { timeoutMs: FOLLOW_MS })) {
    if (now?.closedAt) break;
  }
  const ms = Math.round(performance.now() - begun);
  const { certificate } = await requests.getCertificate({ requestId });
  writeFileSync(join(folder, `${name}.certificate.json`), certificate, { mode: 0o600 });
  const { claims } = verifyCertificate(certificate, (await log.getCheckpoint({})).vkey);
  return { said: (word) => claims.stores.filter(({ outcome }) => outcome === word).length, ms };
}
