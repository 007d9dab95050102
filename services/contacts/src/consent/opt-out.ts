import { addSubjects, lockSubjects, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { suppress, isOptedOut } from '../suppression/suppression.store.js';
import { isAlreadyOut, type Scope, type Source } from './consent.js';
import { appendEntries, nextEpoch, statesOf, type Entry } from './consent.store.js';

export interface OptOut {
  entryId: string;
  contactId: string;
  scope: Scope;
  source: Source;
  at: Date;
  /** Member who heard it. */
  recordedBy?: string | undefined;
  /** Keyed hash of the address that it was heard from, where it was: then it binds whoever has that address. */
  heardFrom?: Buffer | undefined;
  /** A link that is followed twice says nothing new the second time; a person who says it twice does. */
  onlyIfNews?: boolean;
}

const heard = metrics.counter('heed_opt_outs_total', { description: 'Opt-outs heard, by source and effect' });

/** recorded: consent was withdrawn. already_out: nothing was left to withdraw. suppressed: no such person, or erased. */
export type OptOutEffect = 'recorded' | 'already_out' | 'suppressed';

/**
 * What "no" does to the ledger. The caller announces the entry and revokes what senders hold.
 *
 * The subject's row is locked twice: for KEY SHARE, so that no erasure passes while it is written about, and by taking
 * the epoch, so that entries about one person stand in one order. Imports take the same locks last and briefly; permits
 * take none that conflict.
 */
export async function optOut(tx: Tx, said: OptOut): Promise<{ effect: OptOutEffect; entry?: Entry }> {
  const result = await write(tx, said);
  tx.afterCommit(() => heard.add(1, { kind: said.source, outcome: result.effect }));
  return result;
}

async function write(tx: Tx, said: OptOut): Promise<{ effect: OptOutEffect; entry?: Entry }> {
  const { contactId, scope, at } = said;
  // First, and whatever follows: what is known of an address that said no binds it, dead or alive, now or later.
  const isNews = said.heardFrom ? !(await isOptedOut(tx, said.heardFrom, scope)) : false;
  if (said.heardFrom && isNews) await suppress(tx, [said.heardFrom], { reason: 'opt_out', scope, at });

  if (said.recordedBy) await addSubjects(tx, [said.recordedBy], 'member');
  const people = said.recordedBy ? [contactId, said.recordedBy] : [contactId];
  const living = await lockSubjects(tx, people);
  if (!living.has(contactId)) return { effect: 'suppressed' };

  const isOut = async (): Promise<boolean> =>
    isAlreadyOut((await statesOf(tx, [contactId])).get(contactId) ?? [], scope);
  // Before an epoch is taken: a number that no entry bears would look like a lost event.
  if (said.onlyIfNews && !isNews && (await isOut())) return { effect: 'already_out' };

  const epoch = await nextEpoch(tx, contactId);
  const already = await isOut();
  const entry = {
    ...{ entryId: said.entryId, contactId, ...scope, state: 'opted_out' as const, basis: undefined },
    ...{ source: said.source, epoch, saidAt: at },
    recordedBy: said.recordedBy && living.has(said.recordedBy) ? said.recordedBy : undefined,
  };
  await appendEntries(tx, [{ ...entry, origin: undefined }], at);
  return { effect: already ? 'already_out' : 'recorded', entry: { ...entry, recordedAt: at } };
}
