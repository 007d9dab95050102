import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { invalidArgument, isDomainError } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { AddressHashes, type Standing } from '../contacts/address-hashes.js';
import { readAddress } from '../contacts/address.js';
import { hashOfEndpoint, livingName } from '../contacts/endpoint.store.js';
import { refusal } from '../errors.js';
import { OptOutLinks } from '../links/opt-out-links.js';
import { nameAskedAt } from '../sign-ups/sign-up.store.js';
import { nameOfAsked } from '../sign-ups/sign-up.js';
import { publicHash } from '../suppression/revocations.js';

const HASH_BYTES = 32;

/** Who said no, and from where, as far as anybody can tell. */
export interface Heard {
  /** Absent where only an address is known. */
  contactId: string | undefined;
  /** They were asked by a form whether it was them, and are nobody yet: whoever has the address says it. */
  wasAsked: boolean;
  /**
   * Where the address stands; none where it is not known. Several where only a hash of it is, which may have been made by
   * older rules too: a no binds all of them.
   */
  standingIn(tx: Tx): Promise<Standing[]>;
}

/**
 * Reads from a request who said no. Of what it names the surest counts: the token of a link names person and address
 * even where both are erased, an endpoint lives as long as its person, a permit's hash of the address outlives both, and
 * an address alone still binds whoever has it.
 */
@Injectable()
export class HeardFrom {
  constructor(
    private readonly links: OptOutLinks,
    private readonly hashes: AddressHashes,
  ) {}

  async read(tenantId: string, request: contactsV1.RecordOptOutRequest): Promise<Heard> {
    const { contactId, heardFrom } = request;
    const { endpointId = '', optOutToken = '', address: text = '' } = heardFrom ?? {};
    const shown = heardFrom?.endpointHash.length === HASH_BYTES ? heardFrom.endpointHash : undefined;
    const link = optOutToken === '' ? undefined : await this.linkOf(tenantId, optOutToken);
    const address = text === '' ? undefined : readAddress(text);
    // Of a mail that asks whether a sign-up was theirs nobody was told a hash of the address.
    const wasAsked =
      contactId !== '' && shown !== undefined && publicHash(nameOfAsked(contactId)).equals(shown);
    const hashed = wasAsked ? undefined : shown;
    const hash = link?.endpointHash ?? (!hashed && address && (await this.hashes.of(tenantId, [address]))[0]);
    const names = hash ? [hash] : hashed ? this.hashes.shown(hashed) : [];
    const person = contactId || link?.contactId;
    if (!person && names.length === 0) throw nobody(optOutToken, text);
    return {
      ...{ contactId: person, wasAsked },
      standingIn: async (tx) => {
        const own = endpointId === '' ? undefined : await hashOfEndpoint(tx, endpointId);
        const asked = wasAsked ? await nameAskedAt(tx, contactId) : undefined;
        const sure = own ?? asked ?? (names.length > 1 ? await livingName(tx, names) : undefined);
        return this.hashes.standing(tenantId, sure ? [sure] : names);
      },
    };
  }

  private async linkOf(tenantId: string, token: string) {
    try {
      const link = await this.links.verify(token);
      return link.tenantId === tenantId ? link : undefined;
    } catch (error) {
      // Not one of ours: what else the request says still counts.
      if (isDomainError(error, 'LINK_INVALID')) return undefined;
      throw error;
    }
  }
}

function nobody(optOutToken: string, address: string): Error {
  if (optOutToken !== '') return refusal('LINK_INVALID');
  if (address !== '') return invalidArgument({ field: 'heard_from.address', reason: 'NOT_AN_ADDRESS' });
  return invalidArgument({ field: 'contact_id', reason: 'REQUIRED' });
}
