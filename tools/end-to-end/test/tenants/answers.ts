import { type Things } from './things.js';

/** Fields whose value is another in every answer, whoever asks, and why. */
const BY_CHANCE: Record<string, string> = {
  epoch: 'each entry of a person’s ledger has the next number',
  invitationToken: 'random',
  key: 'random',
  records: 'hold new keys under new selectors',
  prefix: 'holds the id of a new key',
  leaf: 'holds the salted commitment to the address',
  path: 'hashes of leaves',
  root: 'hash of leaves',
  signature: 'over the root',
  lifetimeMs: 'counts from the question',
};

/** A message with these fields emptied. */
export function withoutChance(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutChance);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, held]) => [
      field,
      field in BY_CHANCE ? emptied(held) : withoutChance(held),
    ]),
  );
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (value instanceof Uint8Array) return Buffer.alloc(0);
  if (typeof value === 'bigint') return 0n;
  return typeof value === 'number' ? 0 : '';
}

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;

/** An answer without what differs between any two calls: the id tried, new ids, secrets, times, the trace, the word. */
export function scrubbed(text: string, tried: string, token: string): string {
  return text
    .replaceAll(tried, '<tried>')
    .replaceAll(token, '<token>')
    .replaceAll(UUID, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replaceAll(/whsec_[A-Za-z0-9+/=]+/g, '<secret>')
    .replaceAll(/trace_id\x12?.{0,5}[0-9a-f]{32}/g, '<trace>');
}

/** An id that nobody has, beside one that somebody has: between the two no order of ids can tell them apart. */
export function besideOf(id: string): string {
  const last = Number.parseInt(id.slice(-4), 16);
  return `${id.slice(0, -4)}${(last ^ 1).toString(16).padStart(4, '0')}`;
}

/** What of a tenant's an answer to another one holds, without the id that was sent. */
export function tracesOf({ tenant, ...things }: Things, text: string, sent: string): string[] {
  const ids = [tenant.tenantId, ...Object.values(things)].filter((id) => id !== sent);
  return [tenant.slug, ...ids].filter((value) => text.includes(value));
}
