import { renameSync } from 'node:fs';
import { type HeedClient } from '@heed/client';
import { DomainError, SigningKey } from '@heed/kernel';

/** What became of a rotation, and what is left to do. */
export interface Rotated {
  old: string;
  new: string;
  next: string;
}

/** Beside the file that it is to follow: a rotation that was interrupted goes on with the key that it made. */
function keysBeside(file: string): { old: SigningKey; next: SigningKey; nextFile: string } {
  const nextFile = `${file}.next`;
  return {
    old: SigningKey.load(file, { create: false }),
    next: SigningKey.load(nextFile, { create: true }),
    nextFile,
  };
}

/** identity reads its file at every token: the new key signs from the rename on. */
export function rotateTokenKey(file: string): Rotated {
  const { old, next, nextFile } = keysBeside(file);
  renameSync(nextFile, file);
  return {
    ...{ old: old.keyId, new: next.keyId },
    next: 'nothing: the old key verifies until its last token has died',
  };
}

/** privacy hands the log over when it starts: the old key has to name the new one. */
export function rotateLogKey(file: string): Rotated {
  const { old, next } = keysBeside(file);
  return {
    ...{ old: old.keyId, new: next.keyId },
    next: 'start privacy anew, then publish the verifier key that `heed keys list` shows last',
  };
}

/** Registered with identity before it takes its place: from then on either of the two is taken. */
export async function rotateServiceKey(
  client: Pick<HeedClient, 'tokens'>,
  service: string,
  file: string,
  registrationSecret: string,
): Promise<Rotated> {
  const { old, next, nextFile } = keysBeside(file);
  await client.tokens.registerServiceKey(
    {
      ...{ service, publicKey: next.publicKey },
      // SPEC: identity_service.proto, RegisterServiceKeyRequest.
      proof: next.sign(Buffer.from(`heed service key:${service}`)),
      endorsement: old.sign(Buffer.from(`heed service key change:${service}:${next.keyId}`)),
    },
    { metadata: { 'heed-registration': registrationSecret } },
  );
  renameSync(nextFile, file);
  return {
    ...{ old: old.keyId, new: next.keyId },
    next: `start ${service} anew within 24 hours: until then the old key is taken too`,
  };
}

/**
 * A key that was stolen or lost. The log is told first: from that leaf on nothing counts that it signs. Then nobody takes
 * calls, orders or permits by it any more. Where it is the one that the service signs with, another takes its place.
 */
export async function revokeServiceKey(
  client: Pick<HeedClient, 'tokens' | 'log'>,
  service: string,
  { keyId, file }: { keyId?: string; file: () => string },
): Promise<{ revoked: string; new: string; leaf: string; next: string }> {
  const keys = (await client.tokens.listServiceKeys({})).keys.filter((key) => key.service === service);
  const current = keys.at(-1);
  const stolen = keyId === undefined ? current : keys.find((key) => key.keyId === keyId);
  if (!stolen || !current) {
    throw new DomainError('SERVICE_KEY_NOT_FOUND', 'not-found', { message: 'no such key: heed keys list' });
  }
  const isCurrent = stolen.keyId === current.keyId;
  const nextFile = isCurrent ? `${file()}.next` : '';
  const next = isCurrent ? SigningKey.load(nextFile, { create: true }) : undefined;
  const { leafIndex } = await client.log.revokeServiceKey({ service, publicKey: stolen.publicKey });
  const { keyId: now } = await client.tokens.revokeServiceKey({
    ...{ service, keyId: stolen.keyId, successor: next?.publicKey ?? Buffer.alloc(0) },
    successorProof: next?.sign(Buffer.from(`heed service key:${service}`)) ?? Buffer.alloc(0),
  });
  if (next?.keyId === now) renameSync(nextFile, file());
  return {
    ...{ revoked: stolen.keyId, new: now, leaf: String(leafIndex) },
    next: isCurrent
      ? `start ${service} anew at once: with the revoked key it is refused everywhere`
      : 'nothing',
  };
}
