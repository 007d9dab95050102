import { type Tx } from '@heed/postgres';
import { type AddressHashes } from '../contacts/address-hashes.js';
import { type Address } from '../contacts/address.js';
import { endpointsByHashes } from '../contacts/endpoint.store.js';
import { erasedAmong } from '../suppression/suppression.store.js';

/**
 * Judged when the request was taken, and again when it is carried out, which may be days later: by then somebody else may
 * have the address, or whoever had it was erased and objected. Under the lock of new addresses.
 */
export async function isStillFree(
  tx: Tx,
  hashes: AddressHashes,
  contactIds: readonly string[],
  address: Address,
): Promise<boolean> {
  const [candidates, forms] = [
    await hashes.candidates(tx.tenantId, [address]),
    await hashes.forms(tx.tenantId, [address]),
  ];
  // Holders first: of one whose erasure commits between the two, the suppression is then seen.
  const holders = await endpointsByHashes(tx, candidates);
  if (holders.some(({ contactId }) => !contactIds.includes(contactId))) return false;
  const erased = await erasedAmong(
    tx,
    forms.flatMap((each) => each.hashes),
  );
  return erased.size === 0;
}
