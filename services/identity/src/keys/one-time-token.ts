import { isUuid, sha256 } from '@heed/kernel';

/**
 * What an invitation, a refresh or a new password is proved by: the tenant, so that no look-up crosses tenants, and a secret of which
 * the database keeps the digest alone. The kind leads, so that one kind cannot be tried where another is asked for.
 */
export type TokenKind = 'invitation' | 'refresh' | 'reset';

export interface OneTimeToken {
  tenantId: string;
  hash: Buffer;
}

const PREFIX: Record<TokenKind, string> = { invitation: 'hdi_', refresh: 'hdr_', reset: 'hdp_' };
const TENANT_BYTES = 16;
const SECRET_BYTES = 32;

export function writeToken(
  kind: TokenKind,
  tenantId: string,
  secret: Buffer,
): { text: string; hash: Buffer } {
  if (secret.length !== SECRET_BYTES) throw new TypeError('a token has a secret of 32 bytes');
  const body = Buffer.concat([Buffer.from(tenantId.replaceAll('-', ''), 'hex'), secret]);
  return { text: `${PREFIX[kind]}${body.toString('base64url')}`, hash: digest(kind, body) };
}

/** Undefined where the text is no token of this kind; whether it counts, the database says. */
export function readToken(kind: TokenKind, text: string): OneTimeToken | undefined {
  if (!text.startsWith(PREFIX[kind]) || text.length > 100) return undefined;
  const encoded = text.slice(PREFIX[kind].length);
  const body = Buffer.from(encoded, 'base64url');
  // Buffer skips what is not base64url: only the one spelling that it would write itself is a token.
  if (body.length !== TENANT_BYTES + SECRET_BYTES || body.toString('base64url') !== encoded) return undefined;
  const hex = body.toString('hex', 0, TENANT_BYTES);
  const tenantId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isUuid(tenantId) ? { tenantId, hash: digest(kind, body) } : undefined;
}

function digest(kind: TokenKind, body: Buffer): Buffer {
  return sha256(Buffer.from(`heed ${kind}\0`), body);
}
