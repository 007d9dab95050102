import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { SubjectCorrected } from '@heed/contracts';
import { SpecialCases, type Correction, type Order, type SpecialCorrection } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { AddressHashes } from '../contacts/address-hashes.js';
import { readEmail, readPhone, type Address } from '../contacts/address.js';
import { channelOfField } from '../contacts/correction.js';
import {
  endpointsOf,
  insertEndpoints,
  lockForNewAddresses,
  type NewEndpoint,
} from '../contacts/endpoint.store.js';
import { Revocations } from '../suppression/revocations.js';
import { carryOptOuts, leaveOptOuts } from './carry-opt-outs.js';
import { noteCorrected, removeEndpoints } from './corrected.store.js';
import { isStillFree } from './still-free.js';

/**
 * An endpoint is immutable: a corrected address is a new one, and the old one goes with what was heard of it. What the
 * person said themselves (the ledger) stays with them; what was heard from an address (the suppression list) stays with
 * that address, whoever has it. Permits that senders hold for the old address are void from the commit on. Where the new
 * one is not free any more the old one stays: the probe finds it, and a person decides.
 */
@Injectable()
export class CorrectEndpoints implements SpecialCorrection, OnModuleInit {
  readonly store = 'endpoint';
  /** What a transaction has left as it was. */
  private readonly left = new WeakMap<Tx, ReadonlySet<Correction>>();

  constructor(
    private readonly special: SpecialCases,
    private readonly hashes: AddressHashes,
    private readonly revocations: Revocations,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addCorrection(this);
  }

  /** Imports take this lock first, and then the people's. */
  async before(tx: Tx, corrections: readonly Correction[]): Promise<void> {
    if (corrections.some(isOfAddress)) await lockForNewAddresses(tx);
  }

  async correct(
    tx: Tx,
    { subjectId, subjectIds }: Order,
    corrections: readonly Correction[],
  ): Promise<number> {
    const left = await this.takenSince(tx, subjectIds, corrections);
    this.left.set(tx, left);
    const ofAddresses = corrections.filter((each) => isOfAddress(each) && !left.has(each));
    if (ofAddresses.length === 0) return 0;
    const known = await endpointsOf(tx, subjectIds);
    const gone = known.filter((endpoint) =>
      ofAddresses.some(({ endpointId }) => endpointId === endpoint.endpointId),
    );
    const standing = await this.hashes.standing(
      tx.tenantId,
      gone.map(({ endpointHash }) => endpointHash),
    );
    const addresses = ofAddresses.flatMap(addressOf);
    const [hashes, newForms] = [
      await this.hashes.of(tx.tenantId, addresses),
      await this.hashes.forms(tx.tenantId, addresses),
    ];
    for (const address of standing) await carryOptOuts(tx, this.outbox, subjectId, address, this.clock.now());
    // Another spelling is no other address: it stays theirs, and their ledger speaks for it.
    const given = standing.filter(({ name }) => !hashes.some((hash) => hash.equals(name)));
    await leaveOptOuts(tx, subjectIds, given, this.clock.now());
    await removeEndpoints(
      tx,
      gone.map(({ endpointId }) => endpointId),
    );
    for (const { endpointHash } of gone) this.revocations.after(tx, { contactId: subjectId, endpointHash });
    const made = addresses.map(({ channel, address }, at): NewEndpoint => ({
      ...{ endpointId: newId(), contactId: subjectId, channel, address },
      ...{ endpointHash: hashes[at]!, forms: newForms[at]! },
    }));
    await insertEndpoints(tx, made, this.clock.now());
    return ofAddresses.length;
  }

  async after(
    tx: Tx,
    { subjectId, subjectIds, requestId }: Order,
    corrections: readonly Correction[],
  ): Promise<void> {
    const done = corrections.filter((each) => !this.left.get(tx)?.has(each));
    const fields = done.map(({ field }) => field);
    if (fields.length === 0) return;
    this.revocations.after(tx, { contactId: subjectId });
    await noteCorrected(tx, subjectIds, fields, this.clock.now());
    await this.outbox.add(tx, SubjectCorrected, {
      ...{ contactId: subjectId, requestId },
      fields: [...new Set(fields)].sort(),
    });
  }

  private async takenSince(
    tx: Tx,
    contactIds: readonly string[],
    corrections: readonly Correction[],
  ): Promise<Set<Correction>> {
    const taken = new Set<Correction>();
    for (const correction of corrections.filter(isOfAddress)) {
      for (const address of addressOf(correction))
        if (!(await isStillFree(tx, this.hashes, contactIds, address))) taken.add(correction);
    }
    return taken;
  }
}

function isOfAddress({ field }: Correction): boolean {
  return channelOfField(field) !== undefined;
}

/** As it was read when the request was taken. */
function addressOf({ field, value }: Correction): Address[] {
  if (value === '') return [];
  const read = field === 'email' ? readEmail(value) : readPhone(value, undefined);
  return [read ?? { channel: channelOfField(field)!, address: value, canonical: value }];
}
