import { ConsentChanged, contactsV1 } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { type ResyncStep } from '@heed/service';
import { channelOf } from '../contacts/channel-message.js';
import { appendEntries, type NewEntry } from './consent.store.js';
import { livingAmong, raiseEpochs, unknownEntries } from './recovered.store.js';

const GROUP = 'contacts.resync-consents';
/** What was under way when the backup was taken, and clocks that differ. */
const MARGIN_MS = 3_600_000;

/**
 * After a restore contacts reads what it had told the others itself: everybody who said no since the backup has said no.
 * A yes is not taken back from there. It says neither on what ground nor by which words, and whoever gave it may give it
 * again; until then they are not reached.
 */
export const recoverOptOuts: readonly ResyncStep[] = [
  {
    name: 'consents',
    always: true,
    run: async ({ get, restoredTo }) => {
      const consumers = get(Consumers);
      // Read to its end with all the others, by the step that follows.
      await consumers.addForResync({
        event: ConsentChanged,
        group: GROUP,
        from: restoredTo && new Date(restoredTo.getTime() - MARGIN_MS),
        handle: takeOptOuts,
      });
    },
  },
];

export const consentsRecovered: readonly ResyncStep[] = [
  { name: 'consents-read', always: true, run: ({ get }) => get(Consumers).remove(GROUP) },
];

/** Of people whom this database does not know, or knows to be erased, nothing is kept: nobody has leave to reach them. */
export async function takeOptOuts(
  tx: Tx,
  events: readonly Pick<IncomingEvent<contactsV1.ConsentChanged>, 'data'>[],
): Promise<void> {
  const told = events.map(({ data }) => data);
  // Statements travel together wherever none needs another's answer: a hundred thousand events are read this way.
  const [living, unknown] = await Promise.all([
    livingAmong(tx, [...new Set(told.map(({ contactId }) => contactId))]),
    unknownEntries(
      tx,
      told.map(({ entryId }) => entryId),
    ),
  ]);
  const news = told.filter(({ contactId, entryId }) => living.has(contactId) && unknown.has(entryId));
  const refusals = news.filter(({ state }) => state === contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT);
  // What comes next is numbered after all that was told, a yes included.
  await Promise.all([appendAll(tx, withoutRepeats(refusals.map(entryOf))), raiseEpochs(tx, news)]);
}

async function appendAll(tx: Tx, batches: readonly NewEntry[][]): Promise<void> {
  for (const entries of batches) await appendEntries(tx, entries, new Date(entries[0]!.saidAt));
}

function entryOf({
  entryId,
  contactId,
  channel,
  purpose,
  epoch,
  recordedAt,
}: contactsV1.ConsentChanged): NewEntry {
  return {
    ...{ entryId, contactId, epoch, purpose, channel: channelOf(channel) },
    // An event names a sender by a digest alone: where one was meant, all are.
    sender: '',
    ...{ state: 'opted_out', basis: undefined, source: 'api', saidAt: new Date(recordedAt) },
    ...{ recordedBy: undefined, origin: undefined },
  };
}

/** One statement changes a state once: a second word about the same scope goes with the next. */
function withoutRepeats(entries: readonly NewEntry[]): NewEntry[][] {
  const batches: NewEntry[][] = [];
  let scopes = new Set<string>();
  for (const entry of entries) {
    const scope = `${entry.contactId} ${entry.channel} ${entry.purpose}`;
    if (scopes.has(scope) || batches.length === 0) {
      batches.push([]);
      scopes = new Set();
    }
    scopes.add(scope);
    batches.at(-1)!.push(entry);
  }
  return batches;
}
