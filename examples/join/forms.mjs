// The forms of docs/join.md: what is hashed, what is signed, what is sent. Nothing but Node.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto';

export const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/** RFC 8785, for texts, whole numbers, booleans, objects and lists. */
export function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(',')}}`;
}

export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** An Ed25519 key from its PEM, with the id under which it is known. */
export function readKey(pem) {
  const privateKey = createPrivateKey(pem);
  const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x, 'base64url');
  return { privateKey, publicKey, keyId: keyIdOf(publicKey) };
}

export function keyIdOf(publicKey) {
  return sha256(publicKey).toString('hex').slice(0, 16);
}

/** Every signature but a token's is over a line that says what is signed, and the bytes. */
export function signed(what, bytes, key, version = 'v1') {
  return sign(null, Buffer.concat([Buffer.from(`heed ${what} ${version}\n`), bytes]), key.privateKey);
}

export function isSigned(what, bytes, signature, publicKey) {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, Buffer.concat([Buffer.from(`heed ${what} v1\n`), bytes]), key, signature);
}

/** A JWT that is good for a minute, at privacy, for one tenant. */
export function token(name, key, tenantId = NO_TENANT, seconds = Math.floor(Date.now() / 1000)) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ alg: 'EdDSA', kid: key.keyId, typ: 'JWT' });
  const body = part({ iss: name, aud: 'privacy', tid: tenantId, iat: seconds, exp: seconds + 60 });
  return `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), key.privateKey).toString('base64url')}`;
}

export function manifestOf(name, stores) {
  const bytes = Buffer.from(canonicalJson({ format: 1, service: name, stores }));
  return { bytes, version: sha256(bytes).toString('hex') };
}

/** A receipt over one statement an order, and what opens it: RFC 6962 in hashing, with a salt before each statement. */
export function signReceipt(head, statements, key, newSalt = () => randomBytes(32)) {
  const leaves = statements.map((statement) => {
    const bytes = Buffer.from(canonicalJson({ ...statement, format: 'heed statement v1' }));
    const salt = newSalt();
    return { order_id: statement.order, statement: bytes, salt, hash: sha256(Uint8Array.of(0), salt, bytes) };
  });
  const hashes = leaves.map(({ hash }) => hash);
  const receipt = { ...head, root: rootOf(hashes), tree_size: leaves.length, key_id: key.keyId };
  const bytes = Buffer.from(canonicalJson({ ...receipt, root: receipt.root.toString('base64') }));
  return {
    receipt: { ...receipt, signature: signed('receipt', bytes, key) },
    openings: leaves.map(({ order_id, statement, salt }, index) => ({
      ...{ order_id, statement, salt, leaf_index: index, path: pathOf(hashes, index) },
    })),
  };
}

export function rootOf(hashes) {
  if (hashes.length === 1) return hashes[0];
  const left = leftOf(hashes.length);
  return sha256(Uint8Array.of(1), rootOf(hashes.slice(0, left)), rootOf(hashes.slice(left)));
}

/** Sibling hashes from the leaf upwards. */
export function pathOf(hashes, index) {
  if (hashes.length === 1) return [];
  const left = leftOf(hashes.length);
  const [near, far, at] =
    index < left
      ? [hashes.slice(0, left), hashes.slice(left), index]
      : [hashes.slice(left), hashes.slice(0, left), index - left];
  return [...pathOf(near, at), rootOf(far)];
}

/** The largest power of two that is smaller than the number of leaves. */
function leftOf(size) {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}
