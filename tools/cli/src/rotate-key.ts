import { renameSync } from 'node:fs';
import { type HeedClient } from '@heed/client';
import { SigningKey } from '@heed/kernel';

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
