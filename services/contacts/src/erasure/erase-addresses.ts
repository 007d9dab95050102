import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SubjectErased } from '@heed/contracts';
import { SpecialCases, type Order, type SpecialErasure } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { EVERYTHING } from '../consent/consent.js';
import { AddressHashes } from '../contacts/address-hashes.js';
import { endpointsOf } from '../contacts/endpoint.store.js';
import { signUpsOf } from '../sign-ups/sign-up.store.js';
import { SUPPRESSED } from '../suppression/kept-hashes.js';
import { entriesAbout, suppress } from '../suppression/suppression.store.js';
import { deleteRowsByAddress } from './address-traces.store.js';

/**
 * What erasing a contact takes beyond deleting their rows. Before the rows go, while their addresses are still known:
 * whoever objected is suppressed by keyed hash, so that no import brings them back, and rows of files that are waiting
 * to be merged or mended go by address, since nobody is known by id there yet. So do sign-ups that nobody has confirmed:
 * their links lead nowhere from then on.
 */
@Injectable()
export class EraseAddresses implements SpecialErasure, OnModuleInit {
  constructor(
    private readonly special: SpecialCases,
    private readonly hashes: AddressHashes,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addErasure(this);
    // What is kept about each of them, and stays: the certificate names it.
    this.special.addHashes(SUPPRESSED, entriesAbout);
  }

  async before(tx: Tx, orders: readonly Order[]): Promise<void> {
    const everybody = orders.flatMap(({ subjectIds }) => subjectIds);
    // Whoever only typed theirs into a form has none, and may object all the same.
    const endpoints = [...(await endpointsOf(tx, everybody)), ...(await signUpsOf(tx, everybody))];
    const hashesOf = (subjectIds: readonly string[]): Buffer[] =>
      endpoints
        .filter(({ contactId }) => subjectIds.includes(contactId))
        .map(({ endpointHash }) => endpointHash);
    const objecting = await this.hashes.standing(
      tx.tenantId,
      orders.filter(({ objects }) => objects).flatMap(({ subjectIds }) => hashesOf(subjectIds)),
    );
    await suppress(tx, objecting, { reason: 'erased', scope: EVERYTHING, at: this.clock.now() });
    await deleteRowsByAddress(
      tx,
      endpoints.map(({ endpointHash }) => endpointHash),
    );
  }

  /** The last word about each of them. */
  async after(tx: Tx, orders: readonly Order[]): Promise<void> {
    await this.outbox.addAll(
      tx,
      SubjectErased,
      orders
        .filter(({ kind }) => kind === 'contact')
        .flatMap(({ subjectIds, requestId }) =>
          subjectIds.map((contactId) => ({ data: { contactId, requestId } })),
        ),
    );
  }
}
