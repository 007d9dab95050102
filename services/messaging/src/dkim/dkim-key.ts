import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { type DkimAlgorithm } from './dkim.js';

const pairOf = promisify(generateKeyPair);

/** SPEC: RFC 8301, 3.2: 1,024 is the least, 2,048 is recommended; more does not fit into one string of a record. */
const RSA_BITS = 2_048;

export async function makeKey(algorithm: DkimAlgorithm): Promise<KeyObject> {
  const { privateKey } =
    algorithm === 'rsa-sha256'
      ? await pairOf('rsa', { modulusLength: RSA_BITS })
      : await pairOf('ed25519', undefined);
  return privateKey;
}

/** SPEC: RFC 6376, 3.6.1 and RFC 8463, 4.2: the key as it stands in `p=`. */
export function publicPart(algorithm: DkimAlgorithm, privateKey: KeyObject): string {
  const key = createPublicKey(privateKey);
  if (algorithm === 'rsa-sha256') return key.export({ type: 'spki', format: 'der' }).toString('base64');
  const { x } = key.export({ format: 'jwk' });
  return Buffer.from(x!, 'base64url').toString('base64');
}

/** The text of the record. */
export function dkimRecord(algorithm: DkimAlgorithm, publicKey: string): string {
  return `v=DKIM1; k=${algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'}; p=${publicKey}`;
}

/** SPEC: RFC 6376, 3.6.2.1. */
export function dkimRecordName(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`;
}
