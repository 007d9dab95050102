import { ConsentChanged } from '@heed/contracts';
import { type Outbox } from '@heed/events';
import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { changeOf } from '../consent/consent-message.js';
import { statesOf } from '../consent/consent.store.js';
import { optOuts } from '../consent/opt-out.js';
import { type Standing } from '../contacts/address-hashes.js';
import { suppress } from '../suppression/suppression.store.js';
import { optOutsHeardFrom } from './corrected.store.js';

/**
 * A no that was heard from an address, and of which nobody could tell at the time whose it was, is that of the person who had
 * the address: it enters their ledger before the address goes, so that they are not written to at the next one.
 */
export async function carryOptOuts(
  tx: Tx,
  outbox: Outbox,
  contactId: string,
  address: Standing,
  at: Date,
): Promise<void> {
  for (const scope of await optOutsHeardFrom(tx, contactId, address)) {
    const said = { entryId: newId(), contactId, scope, source: 'request' as const, at, onlyIfNews: true };
    const [{ entry } = {}] = await optOuts(tx, [said]);
    if (entry) await outbox.add(tx, ConsentChanged, changeOf(tx.tenantId, entry), { sequence: entry.epoch });
  }
}

/**
 * And the other way: a no that stands in the person's ledger alone stays with the addresses that go. Nothing would bind
 * them else, and the next file that brings one would make somebody of it who has said nothing.
 */
export async function leaveOptOuts(
  tx: Tx,
  contactIds: readonly string[],
  addresses: readonly Standing[],
  at: Date,
): Promise<void> {
  const states = [...(await statesOf(tx, contactIds)).values()].flat();
  for (const { state, channel, purpose, sender } of states) {
    if (state !== 'opted_out') continue;
    await suppress(tx, addresses, { reason: 'opt_out', scope: { channel, purpose, sender }, at });
  }
}
