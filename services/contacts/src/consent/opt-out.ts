import { addSubjects, lockSubjects, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { type Standing } from '../contacts/address-hashes.js';
import { optedOutAmong, suppress } from '../suppression/suppression.store.js';
import { confirmationsDue, type DueConfirmation } from './confirmation.store.js';
import { isAlreadyOut, type Scope, type Source } from './consent.js';
import { appendEntries, nextEpochs, statesOf, type Entry } from './consent.store.js';

export interface OptOut {
  entryId: string;
  contactId: string;
  scope: Scope;
  source: Source;
  at: Date;
  /** Member who heard it. */
  recordedBy?: string | undefined;
  /** The address that it was heard from, where it was: then it binds whoever has that address. */
  heardFrom?: Standing | undefined;
  /** A link that is followed twice says nothing new the second time; a person who says it twice does. */
  onlyIfNews?: boolean;
}

const heard = metrics.counter('heed_opt_outs_total', { description: 'Opt-outs heard, by source and effect' });

/** recorded: consent was withdrawn. already_out: nothing was left to withdraw. suppressed: no such person, or erased. */
export type OptOutEffect = 'recorded' | 'already_out' | 'suppressed';

export interface OptedOut {
  effect: OptOutEffect;
  entry?: Entry;
  /** Where one message is to confirm it. */
  confirmation?: DueConfirmation | undefined;
}

export async function optOut(tx: Tx, said: OptOut): Promise<OptedOut> {
  const [result] = await optOuts(tx, [said]);
  return result!;
}

/**
 * What "no" does to the ledger, said by different people at the same time; in their order. The caller announces the
 * entries and confirmations, and revokes what senders hold.
 *
 * A subject's row is locked twice: for KEY SHARE, so that no erasure passes while it is written about, and by taking
 * the epoch, so that entries about one person stand in one order. Imports take the same locks last and briefly; permits
 * take none that conflict.
 */
export async function optOuts(tx: Tx, said: readonly OptOut[]): Promise<OptedOut[]> {
  const results = await write(tx, said);
  tx.afterCommit(() => {
    results.forEach(({ effect }, index) => heard.add(1, { kind: said[index]!.source, outcome: effect }));
  });
  return results;
}

async function write(tx: Tx, said: readonly OptOut[]): Promise<OptedOut[]> {
  const news = await bindAddresses(tx, said);
  const members = said.flatMap(({ recordedBy }) => recordedBy ?? []);
  if (members.length > 0) await addSubjects(tx, members, 'member');
  const living = await lockSubjects(tx, [...said.map(({ contactId }) => contactId), ...members]);
  const about = said.filter(({ contactId }) => living.has(contactId));

  // Before an epoch is taken: a number that no entry bears would look like a lost event.
  const nothingNew = await outAmong(
    tx,
    about.filter((each) => each.onlyIfNews && !news.has(each)),
  );
  const heardNow = about.filter((each) => !nothingNew.has(each));
  const epochs = await nextEpochs(
    tx,
    heardNow.map(({ contactId }) => contactId),
  );
  const already = await outAmong(tx, heardNow);
  const entries = new Map(heardNow.map((each, index) => [each, entryOf(each, epochs[index]!, living)]));
  await appendEntries(
    tx,
    [...entries.values()].map((entry) => ({ ...entry, origin: undefined })),
    said[0]?.at ?? new Date(0),
  );
  // Whoever was out before is not written to because they say it again.
  const due = await confirmationsDue(
    tx,
    [...entries].flatMap(([each, entry]) => (already.has(each) ? [] : [entry])),
  );
  return said.map((each): OptedOut => {
    const entry = entries.get(each);
    const confirmation = due.find(({ contactId }) => contactId === entry?.contactId);
    if (entry) return { effect: already.has(each) ? 'already_out' : 'recorded', entry, confirmation };
    return { effect: nothingNew.has(each) ? 'already_out' : 'suppressed' };
  });
}

/** First, and whatever follows: what is known of an address that said no binds it, dead or alive, now or later. */
async function bindAddresses(tx: Tx, said: readonly OptOut[]): Promise<Set<OptOut>> {
  const heardFrom = said.flatMap((each) => (each.heardFrom ? [{ ...each, ...each.heardFrom, each }] : []));
  const bound = await optedOutAmong(tx, heardFrom);
  const news = heardFrom.filter((_, index) => !bound[index]);
  const byScope = Map.groupBy(
    news,
    ({ scope: { channel, purpose, sender } }) => `${channel} ${purpose} ${sender}`,
  );
  for (const [, those] of [...byScope].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { scope, at } = those[0]!;
    await suppress(tx, those, { reason: 'opt_out', scope, at });
  }
  return new Set(news.map(({ each }) => each));
}

/** Of these, those that nothing is left to withdraw of. */
async function outAmong(tx: Tx, said: readonly OptOut[]): Promise<Set<OptOut>> {
  if (said.length === 0) return new Set();
  const states = await statesOf(
    tx,
    said.map(({ contactId }) => contactId),
  );
  return new Set(said.filter(({ contactId, scope }) => isAlreadyOut(states.get(contactId) ?? [], scope)));
}

function entryOf(
  { entryId, contactId, scope, source, at, recordedBy }: OptOut,
  epoch: bigint,
  living: ReadonlySet<string>,
): Entry {
  return {
    ...{ entryId, contactId, ...scope, state: 'opted_out', basis: undefined, source, epoch },
    ...{ saidAt: at, recordedAt: at },
    recordedBy: recordedBy && living.has(recordedBy) ? recordedBy : undefined,
  };
}
