import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';
import { type Tenant } from '../world/six-services.js';

/** A request of this right about a contact. Answers its id. */
export async function ask({ client }: Tenant, right: privacyV1.Right, subjectId: string): Promise<string> {
  const { request } = await client.requests.createRequest(
    privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), right, subjectId, verification: 'email_code' },
      subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    }),
  );
  return request!.requestId;
}

export function erase(tenant: Tenant, contactId: string): Promise<string> {
  return ask(tenant, privacyV1.Right.RIGHT_ERASURE, contactId);
}

export interface Certified {
  certificate: Buffer;
  /** The key under which it was handed out: it comes from outside the file. */
  vkey: string;
}

/** What proves a request once it has ended. */
export async function certified({ client }: Tenant, requestId: string): Promise<Certified> {
  const last = await watched(client, requestId);
  if (last?.state !== privacyV1.RequestState.REQUEST_STATE_COMPLETED)
    throw new Error(`the request ended in state ${last?.state}`);
  const { vkey } = await client.log.getCheckpoint({});
  const { certificate } = await client.requests.getCertificate({ requestId });
  return { certificate, vkey };
}

async function watched(client: Tenant['client'], requestId: string): Promise<privacyV1.Request | undefined> {
  let last: privacyV1.Request | undefined;
  for await (const { request } of client.requests.watchRequest({ requestId }, { timeoutMs: 100_000 }))
    last = request;
  return last;
}

/** Throws where it does not verify. Answers the name of the log that it is in. */
export function originOf({ certificate, vkey }: Certified): string {
  return (verifyCertificate(certificate, vkey) as { log: { origin: string } }).log.origin;
}

export async function placeHold({ client }: Tenant, subjectId: string): Promise<string> {
  const { hold } = await client.holds.placeHold(
    privacyV1.PlaceHoldRequest.fromPartial({
      ...{ requestId: newId(), subjectId, ground: 'legal_claims', matter: '2026/17' },
      subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
    }),
  );
  return hold!.holdId;
}
