/** What the link in a mail says: which sign-up, and until when it can be confirmed. */
export interface SignUpLink {
  tenantId: string;
  signUpId: string;
  expiresAt: Date;
}

const FORMAT = 1;
const SAID_BYTES = 1 + 16 + 16 + 8;
/** As the links that opt out: the keyed hash's versions, and 128 bits of it. */
export const SEAL_BYTES = 18;

/** The bytes that are sealed. */
export function encodeSignUp({ tenantId, signUpId, expiresAt }: SignUpLink): Buffer {
  const until = Buffer.alloc(8);
  until.writeBigInt64BE(BigInt(expiresAt.getTime()));
  return Buffer.concat([Buffer.of(FORMAT), uuidBytes(tenantId), uuidBytes(signUpId), until]);
}

export function signUpToken(said: Buffer, seal: Buffer): string {
  return Buffer.concat([said, seal.subarray(0, SEAL_BYTES)]).toString('base64url');
}

/** The parts of a token, or undefined where it cannot be one. Nothing is verified yet. */
export function readSignUpToken(token: string): { link: SignUpLink; said: Buffer; seal: Buffer } | undefined {
  const all = Buffer.from(token, 'base64url');
  // Only the one spelling that we write ourselves is a token.
  if (all.toString('base64url') !== token || all.length !== SAID_BYTES + SEAL_BYTES) return undefined;
  if (all[0] !== FORMAT) return undefined;
  const said = all.subarray(0, SAID_BYTES);
  const expiresAt = new Date(Number(said.readBigInt64BE(33)));
  if (Number.isNaN(expiresAt.getTime())) return undefined;
  const link = { tenantId: uuidText(said, 1), signUpId: uuidText(said, 17), expiresAt };
  return { link, said, seal: all.subarray(SAID_BYTES) };
}

function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidText(bytes: Buffer, at: number): string {
  const hex = bytes.subarray(at, at + 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
