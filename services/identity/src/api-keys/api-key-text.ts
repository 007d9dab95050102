import { isUuid, sha256 } from '@heed/kernel';

/**
 * `heed_<tenant>_<id>_<secret>`: the tenant, since no look-up crosses tenants; the key's id, by which its row is found
 * and a leaked key recognised; 256 random bits. The beginning is fixed, so that secret scanners know one when they see
 * it.
 */
const FORM = /^heed_([0-9a-f]{32})_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;

export interface ApiKeyText {
  tenantId: string;
  apiKeyId: string;
  hash: Buffer;
}

/** All of a key that may be shown again. */
export function prefixOf(tenantId: string, apiKeyId: string): string {
  return `heed_${plain(tenantId)}_${plain(apiKeyId)}_`;
}

export function writeApiKey(
  tenantId: string,
  apiKeyId: string,
  secret: Buffer,
): { text: string; hash: Buffer } {
  if (secret.length !== SECRET_BYTES) throw new TypeError('an API key has a secret of 32 bytes');
  return {
    text: prefixOf(tenantId, apiKeyId) + secret.toString('base64url'),
    hash: digest(tenantId, apiKeyId, secret),
  };
}

/** Undefined where the text is no key; whether it counts, the database says. */
export function readApiKey(text: string): ApiKeyText | undefined {
  const [, tenant, id, encoded] = FORM.exec(text) ?? [];
  if (tenant === undefined || id === undefined || encoded === undefined) return undefined;
  const secret = Buffer.from(encoded, 'base64url');
  // 43 characters hold two bits more than 32 bytes: only the one spelling that we write ourselves is a key.
  if (secret.length !== SECRET_BYTES || secret.toString('base64url') !== encoded) return undefined;
  const [tenantId, apiKeyId] = [uuid(tenant), uuid(id)];
  if (!isUuid(tenantId) || !isUuid(apiKeyId)) return undefined;
  return { tenantId, apiKeyId, hash: digest(tenantId, apiKeyId, secret) };
}

/**
 * One SHA-256, where passwords take argon2id: a slow hash makes guessing dear, and nobody guesses 256 random bits. It
 * would only make every exchange dear. Tenant and id are in it: a secret is of no use under another key's name.
 */
function digest(tenantId: string, apiKeyId: string, secret: Buffer): Buffer {
  return sha256(Buffer.from(`heed api key\0${tenantId}\0${apiKeyId}\0`), secret);
}

function plain(id: string): string {
  return id.replaceAll('-', '');
}

function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
