import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a TLS server shows, and what whoever trusts it needs. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface Authority extends Certificate {
  privateKey: KeyObject;
  name: string;
}

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = Buffer.from('300a06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');

/** An authority of our own, good for a day. */
export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension(BASIC_CONSTRAINTS, sequence(tagged(0x01, Buffer.of(0xff))));
  const cert = certificate(name, pair.publicKey, { name, privateKey: pair.privateKey }, isAuthority);
  return { name, privateKey: pair.privateKey, cert, key: pem(pair.privateKey) };
}

/** A server's, for one IPv4 address. */
export function certify(authority: Authority, address: string): Certificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = sequence(tagged(0x87, Buffer.from(address.split('.').map(Number))));
  const cert = certificate(address, pair.publicKey, authority, extension(ALTERNATIVE_NAME, names));
  return { cert, key: pem(pair.privateKey) };
}

/** X.509 (RFC 5280), written out: no tool has to be installed for it. */
function certificate(
  subject: string,
  publicKey: KeyObject,
  issuer: Pick<Authority, 'name' | 'privateKey'>,
  extensions: Buffer,
): string {
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ECDSA_SHA256,
    nameOf(issuer.name),
    sequence(timeOf(Date.now() - DAY_MS), timeOf(Date.now() + DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(extensions)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  const whole = sequence(content, ECDSA_SHA256, tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const extension = (id: Buffer, value: Buffer): Buffer => sequence(id, tagged(0x04, value));

function nameOf(name: string): Buffer {
  return sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(name)))));
}

function timeOf(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '');
  return tagged(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** Tag, length and value, as DER has them. */
function tagged(tag: number, value: Buffer): Buffer {
  const size = value.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
}
