import { ConsentChanged } from '@heed/contracts';
import { type Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { changeOf } from '../consent/consent-message.js';
import { optOuts } from '../consent/opt-out.js';
import { optOutsHeardFrom } from './corrected.store.js';

/**
 * A no that was heard from an address, and of which nobody could tell at the time whose it was, is that of the person who had
 * the address: it enters their ledger before the address goes, so that they are not written to at the next one.
 */
export async function carryOptOuts(
  tx: Tx,
  outbox: Outbox,
  contactId: string,
  forms: readonly Buffer[],
  at: Date,
): Promise<void> {
  for (const scope of await optOutsHeardFrom(tx, forms)) {
    const said = { entryId: newId(), contactId, scope, source: 'request' as const, at, onlyIfNews: true };
    const [{ entry } = {}] = await optOuts(tx, [said]);
    if (entry) await outbox.add(tx, ConsentChanged, changeOf(tx.tenantId, entry), { sequence: entry.epoch });
  }
}
