import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a webhook's headers say of it. */
export interface WebhookHead {
  id: string;
  /** Seconds since 1970. */
  timestamp: string;
  signatures: readonly Buffer[];
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const PREFIX = 'whsec_';
const LONGEST_ID = 255;
const MOST_SIGNATURES = 10;
/** Clocks differ, and a provider tries again under a new time; what is older may be somebody's copy. */
const TOLERANCE_MS = 5 * 60_000;

/**
 * SPEC: Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, which has several signatures
 * while secrets are rotated, each `v1,` and base64. Undefined where something is missing or not so written.
 */
export function readHead(headers: Headers): WebhookHead | undefined {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID) return undefined;
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return undefined;
  if (typeof signature !== 'string') return undefined;
  const signatures = signature
    .split(' ', MOST_SIGNATURES)
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice(3), 'base64'));
  return { id, timestamp, signatures };
}

export function isTimely({ timestamp }: WebhookHead, now: Date): boolean {
  return Math.abs(Number(timestamp) * 1_000 - now.getTime()) <= TOLERANCE_MS;
}

/** Whether one of the secrets made one of the signatures, over the very bytes. */
export function isSignedBy(head: WebhookHead, body: Buffer, secrets: readonly Buffer[]): boolean {
  return secrets.some((secret) => {
    const ours = signatureOf(head, body, secret);
    return head.signatures.some((theirs) => theirs.length === ours.length && timingSafeEqual(theirs, ours));
  });
}

export function signatureOf(
  { id, timestamp }: Pick<WebhookHead, 'id' | 'timestamp'>,
  body: Buffer,
  secret: Buffer,
): Buffer {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
}

/** As it is shown to whoever sets the provider up. */
export function writeSecret(secret: Buffer): string {
  return PREFIX + secret.toString('base64');
}

export function readSecret(text: string): Buffer {
  return Buffer.from(text.slice(PREFIX.length), 'base64');
}
