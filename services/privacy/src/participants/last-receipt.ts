import { type Manifest } from '@heed/data-map';
import { answerNames } from '@heed/data-rights';
import { canonicalJson } from '@heed/kernel';
import { z } from 'zod';

const store = z.string().regex(/^[a-z][a-z0-9-]{0,39}\.[a-z0-9_.-]{1,120}$/);
const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const none = z.literal('');
const some = z.int().min(1);

/** What remains of one store: nothing; all of it in another store; or something on a ground, until a time or for as long as that holds. */
const remains = z.discriminatedUnion('what', [
  z.strictObject({
    ...{ store, what: z.literal('EMPTIED'), count: z.literal(0), to: none, ground: none, until: none },
  }),
  z.strictObject({
    store,
    what: z.literal('HANDED_OVER'),
    count: some,
    to: store,
    ground: none,
    until: none,
  }),
  z.strictObject({
    ...{ store, what: z.literal('KEPT'), count: some, to: none, until: z.union([none, time]) },
    ground: z.string().regex(/^[a-z][a-z0-9_]{1,59}$/),
  }),
]);

const form = z.strictObject({
  at: time,
  format: z.literal('heed retirement v2'),
  manifest: z.string(),
  remains: z.array(remains).max(200),
  service: z.string(),
});

export type Remains = z.infer<typeof remains>;
export type LastReceipt = z.infer<typeof form>;

/** What these bytes say, in the one form that says it (docs/join.md); else undefined. */
export function readLastReceipt(bytes: Uint8Array): LastReceipt | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const says = form.safeParse(JSON.parse(text));
    return says.success && canonicalJson(says.data) === text ? says.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first store of which it does not say what remains, or of which it says so twice; or a store that it was handed to and
 * that none of the others declares: what is there, nobody would answer for.
 */
export function notReceipted(
  { remains: said }: LastReceipt,
  manifest: Manifest,
  others: readonly Manifest[],
): string | undefined {
  const stores = answerNames(manifest);
  const declared = new Set(others.flatMap(answerNames));
  const named = said.map((each) => each.store);
  const unsaid = stores.find((name) => !named.includes(name));
  const odd = named.find((name, at) => !stores.includes(name) || named.indexOf(name) !== at);
  return unsaid ?? odd ?? said.find(({ to }) => to !== '' && !declared.has(to))?.to;
}
