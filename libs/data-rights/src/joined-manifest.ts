import { type Manifest } from '@heed/data-map';
import { z } from 'zod';
import { answeringStores, answerName, manifestBytes, readManifest } from './manifest-stores.js';

const name = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,99}$/);
const description = z.string().min(1).max(500);
// The taxonomy of fideslang has its words; a service that has more of its own is not kept out for that.
const category = z
  .string()
  .regex(/^[a-z_]+(\.[a-z_]+)*$/)
  .max(100);
const categories = z.array(category).min(1).max(50);
const days = z.int().min(1).max(36_500);
const ground = z.string().regex(/^[a-z][a-z0-9_]{1,60}$/);
const onErasure = z.union([
  z.literal('delete'),
  z.literal('anonymise'),
  z.strictObject({ retain: ground, days }),
]);

/** A copy of what can be corrected, or rows that rightly say what was so. */
const onCorrection = z.union([z.literal('correct'), z.strictObject({ ground })]);

/** What a store of another service can be. docs/join.md has the table. */
const store = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('table'), of: z.literal('subject'), name, description, categories, onErasure },
    onCorrection: onCorrection.optional(),
  }),
  z.strictObject({ kind: z.literal('object'), name, description, categories, sealed: z.boolean() }),
  z.strictObject({ kind: z.literal('keys'), name, description }),
  z.strictObject({ kind: z.literal('cache'), name, description, categories, maxAgeSeconds: z.int().min(0) }),
  z.strictObject({ kind: z.literal('queue'), name, description, categories, retentionDays: days }),
  z.strictObject({ kind: z.literal('processor'), name, description, categories }),
  z.strictObject({ kind: z.literal('hashes'), name, description, ground }),
  z.strictObject({ kind: z.literal('copy'), name, description, expiresAfterDays: days }),
  z.strictObject({
    ...{ kind: z.literal('retired'), name, description, since: z.iso.date() },
    was: z.enum(['table', 'object', 'keys', 'cache', 'queue', 'processor', 'hashes', 'copy', 'log']),
  }),
  z.strictObject({
    ...{ kind: z.literal('log'), name, description, categories, retentionDays: days },
    ground: ground.optional(),
  }),
]);

const form = z.strictObject({
  format: z.literal(1),
  service: z.string(),
  stores: z
    .array(store)
    .min(1)
    .max(200)
    .refine((stores) => new Set(stores.map((entry) => entry.name)).size === stores.length),
});

/**
 * The manifest in these bytes: of this participant, in the one canonical form, with stores that it can answer for. Where
 * it is not, the place in it that is wrong.
 */
export function readJoinedManifest(bytes: Uint8Array, service: string): Manifest | { wrong: string } {
  let manifest: Manifest;
  try {
    manifest = readManifest(bytes);
  } catch {
    return { wrong: 'not JSON' };
  }
  const { version: _version, ...content } = manifest;
  const read = form.safeParse(content);
  if (!read.success) return { wrong: read.error.issues[0]?.path.join('.') || 'the whole' };
  if (manifest.service !== service) return { wrong: 'service' };
  // Canonical, or a certificate that shows it would not hash to the version that was pinned.
  return manifestBytes(manifest).equals(bytes) ? manifest : { wrong: 'not canonical (RFC 8785)' };
}

/** Whether its service is asked to correct: it says that a store of it holds copies, of this category where one is named. */
export function takesCorrections({ stores }: Manifest, category?: string): boolean {
  return stores.some(
    (entry) =>
      entry.kind === 'table' &&
      entry.of === 'subject' &&
      entry.onCorrection === 'correct' &&
      (category === undefined || categoriesOf(entry).some((held) => `${category}.`.startsWith(`${held}.`))),
  );
}

/** A table of a participant has its categories in the place of columns. */
function categoriesOf(entry: object): string[] {
  return 'categories' in entry ? (entry.categories as string[]) : [];
}

/** All of its stores that are there. */
export function presentStores(manifest: Manifest): string[] {
  const { service } = manifest;
  return answeringStores(manifest)
    .filter(({ kind }) => kind !== 'retired')
    .map((entry) => answerName(service, entry))
    .sort();
}
