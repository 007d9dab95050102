import { canonicalJson } from '@heed/kernel';
import { z } from 'zod';
import { refuse, type RefusalReason } from './refusal.js';

export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
export const index = z.int().min(0);

/** Base64 in its one form: Node's decoder takes many texts for the same bytes. */
export const base64 = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text) return bytes;
  context.issues.push({ code: 'custom', input: '', message: 'not base64' });
  return z.NEVER;
});
export const bytes = (length: number) => base64.refine((value) => value.length === length);
export const path = z.array(bytes(32)).max(64);

/** Bytes that must be JSON of this form, canonical and without unknown members, so that equal bytes say equal things. */
export function readCanonical<T>(
  data: Uint8Array,
  form: z.ZodType<T>,
  reason: RefusalReason,
  what: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data),
      withoutPrototypes,
    );
  } catch {
    throw refuse(reason, `${what} is not JSON`);
  }
  if (!Buffer.from(canonicalJson(value)).equals(data)) {
    throw refuse(reason, `${what} is not in the canonical form of RFC 8785`);
  }
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(
    reason,
    `${what}: ${issue?.path.join('.') || 'the whole'} is not of the form that is described`,
  );
}

/** A member of this name would be lost on the way through JavaScript objects, and so pass unseen. */
function withoutPrototypes(member: string, value: unknown): unknown {
  if (member === '__proto__') throw new SyntaxError('no member is called __proto__');
  return value;
}
