import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';

export const ACCESS_KEY = 'AKIAHEEDTEST';
export const SECRET_KEY = 'a secret of the double';
export const REGION = 'eu-central-1';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/**
 * Whether a request bears the signature that these credentials make of it.
 * SPEC: AWS Signature Version 4: method, path, query, signed headers, hash of the body, under a key derived from the day.
 */
export function isSigned(request: IncomingMessage, body: Buffer, service: string): boolean {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    );
  if (!found) return false;
  const [, accessKey, day, region, signedFor, names, signature] = found as unknown as string[];
  if (accessKey !== ACCESS_KEY || region !== REGION || signedFor !== service) return false;
  const headers = names!.split(';');
  const time = header(request, 'x-amz-date');
  const stated = header(request, 'x-amz-content-sha256');
  if (!time.startsWith(day!) || !headers.includes('host')) return false;
  if (stated !== '' && stated !== sha256(body)) return false;
  const url = new URL(request.url ?? '/', 'http://double');
  const canonical = [
    request.method,
    // S3 signs the path as it is sent; all others encode it once more.
    service === 's3' ? url.pathname : url.pathname.split('/').map(encodeURIComponent).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...headers.map((name) => `${name}:${header(request, name).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    stated || sha256(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [region!, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${SECRET_KEY}`, day!));
  return timingSafeEqual(hmac(key, toSign), Buffer.from(signature!, 'hex'));
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
