import { type HeedClient } from '@heed/client';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';

const FOLLOW_MS = 5 * 60_000;

export interface Certified {
  /** How many stores say so in the certificate. */
  said(outcome: string): number;
  ms: number;
}

/** Works a request of a contact to its end; the certificate verifies, or this throws. */
export async function certified(
  { requests, log }: HeedClient,
  asked: Partial<privacyV1.CreateRequestRequest>,
): Promise<Certified> {
  const begun = performance.now();
  const { request } = await requests.createRequest(
    privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), verification: 'known_to_agent' },
      ...{ subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT, ...asked },
    }),
  );
  const { requestId } = request!;
  for await (const { request: now } of requests.watchRequest({ requestId }, { timeoutMs: FOLLOW_MS })) {
    if (now?.closedAt) break;
  }
  const ms = Math.round(performance.now() - begun);
  const { certificate } = await requests.getCertificate({ requestId });
  const { claims } = verifyCertificate(certificate, (await log.getCheckpoint({})).vkey);
  return { said: (word) => claims.stores.filter(({ outcome }) => outcome === word).length, ms };
}
