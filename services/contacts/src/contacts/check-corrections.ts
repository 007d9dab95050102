import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { correctionFromWire, correctionToWire, type Correction } from '@heed/data-rights';
import { invalidArgument, type Caller } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { refusal } from '../errors.js';
import { erasedAmong } from '../suppression/suppression.store.js';
import { AddressHashes } from './address-hashes.js';
import { type Address } from './address.js';
import { type Contact, type Endpoint } from './contact.js';
import { contactsById } from './contact.store.js';
import { channelOfField, demandOneEach, endpointMeant, readCorrected } from './correction.js';
import { endpointsByHashes, endpointsOf } from './endpoint.store.js';

/** A correction in the form in which it is kept; of an address with what else is known of it. */
type Read = Correction & { address: Address | undefined };

/**
 * Judges what somebody wants corrected, before the request is taken: by the rules of new contacts, so that an order for it
 * can be carried out whenever it comes.
 */
@Injectable()
export class CheckCorrections {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
  ) {}

  async check(
    { tenantId }: Caller,
    { contactId, corrections }: contactsV1.CheckCorrectionsRequest,
  ): Promise<contactsV1.CheckCorrectionsResponse> {
    const asked = corrections.map(correctionFromWire);
    const { contact, endpoints } = await this.uow.run(tenantId, (tx) => this.known(tx, contactId));
    const country = asked.find(({ field }) => field === 'country')?.value || contact.country;
    const read = asked.map((correction, at) => this.read(correction, at, endpoints, country));
    demandOneEach(read);
    demandOneLeft(read, endpoints);
    await this.demandFree(tenantId, contactId, read);
    return { corrections: read.map(({ address: _address, ...correction }) => correctionToWire(correction)) };
  }

  private async known(tx: Tx, contactId: string): Promise<{ contact: Contact; endpoints: Endpoint[] }> {
    const contact = (await contactsById(tx, [contactId])).get(contactId);
    if (!contact) throw refusal('CONTACT_NOT_FOUND');
    return { contact, endpoints: await endpointsOf(tx, [contactId]) };
  }

  private read(
    correction: Correction,
    at: number,
    endpoints: readonly Endpoint[],
    country: string | undefined,
  ): Read {
    const { value, address } = readCorrected(correction, at, country);
    const channel = channelOfField(correction.field);
    if (!channel) return { ...correction, value, address, endpointId: '', previous: '' };
    const meant = endpointMeant(
      endpoints.filter((endpoint) => endpoint.channel === channel),
      correction.endpointId,
    );
    if (!meant && value === '')
      throw invalidArgument({ field: `corrections[${at}].value`, reason: 'NOTHING_TO_TAKE_AWAY' });
    return {
      ...{ ...correction, value, address },
      ...{ endpointId: meant?.endpointId ?? '', previous: meant?.address ?? '' },
    };
  }

  /** Nobody else has the new address, nor has it been asked to stay silent for good; another spelling is no other address. */
  private async demandFree(tenantId: string, contactId: string, read: readonly Read[]): Promise<void> {
    const addresses = read.flatMap(({ address }) => address ?? []);
    if (addresses.length === 0) return;
    const [candidates, forms] = await Promise.all([
      Promise.all(addresses.map((address) => this.hashes.candidates(tenantId, [address]))),
      this.hashes.forms(tenantId, addresses),
    ]);
    const meant = read.flatMap(({ address, endpointId }) => (address ? [endpointId] : []));
    await this.uow.run(tenantId, async (tx) => {
      const erased = await erasedAmong(
        tx,
        forms.flatMap(({ hashes }) => hashes),
      );
      if (erased.size > 0) throw refusal('SUPPRESSED');
      for (const [at, hashes] of candidates.entries()) {
        const holders = await endpointsByHashes(tx, hashes);
        const others = holders.filter(
          (holder) => holder.contactId !== contactId || holder.endpointId !== meant[at],
        );
        if (others.length > 0) throw refusal('ENDPOINT_TAKEN');
      }
    });
  }
}

function demandOneLeft(read: readonly Read[], endpoints: readonly Endpoint[]): void {
  const goes = new Set(read.filter(({ value }) => value === '').map(({ endpointId }) => endpointId));
  const comes = read.some(({ address }) => address !== undefined);
  if (comes || endpoints.length === 0 || endpoints.some(({ endpointId }) => !goes.has(endpointId))) return;
  throw refusal('LAST_ENDPOINT');
}
