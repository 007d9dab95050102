import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { addNumberedSubjects, lockSubjects, restrictedAmong, type Tx } from '@heed/postgres';
import { changeOf } from '../consent/consent-message.js';
import { appendEntries, nextEpochs, statesOf, type NewEntry } from '../consent/consent.store.js';
import { contactsById, insertContacts, updateProfiles } from '../contacts/contact.store.js';
import { AddressHashes } from '../contacts/address-hashes.js';
import { readEmail, readPhone, type Address } from '../contacts/address.js';
import { type Endpoint } from '../contacts/contact.js';
import {
  endpointsByHashes,
  endpointsOf,
  insertEndpoints,
  lockForNewAddresses,
  type NewEndpoint,
} from '../contacts/endpoint.store.js';
import { addMembers } from '../lists/list.store.js';
import { erasedAmong } from '../suppression/suppression.store.js';
import { insertRejects } from './import-reject.store.js';
import { advanced, type Import } from './import.js';
import { planMerge, type Known, type MergePlan, type Person } from './merge-plan.js';
import { addressesBefore, stagedAfter, type Staged } from './staged-row.store.js';

/** Rows of a file a transaction. Each makes some six rows; an eraser waits for no more than this (200 ms). */
export const BATCH = 400;

/** Epochs begin at 1. */
const UNNUMBERED = 0n;

/**
 * Merges the next rows of an import: all reads, then a plan made without SQL, then all writes, each one statement for
 * the whole batch. The position moves in the same transaction, so each row is merged once, whatever is killed when.
 */
@Injectable()
export class MergeBatch {
  constructor(
    private readonly outbox: Outbox,
    private readonly hashes: AddressHashes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Within the transaction that holds the import's row, and saves what is returned: the import as it is then. */
  async merge(tx: Tx, before: Import): Promise<Import> {
    const at = this.clock.now();
    const rows = await stagedAfter(tx, before.importId, before.mergedThrough, BATCH);
    const last = rows.at(-1);
    if (!last) return { ...before, state: 'completed', finishedAt: at };
    await lockForNewAddresses(tx);
    const plan = planMerge(rows, await this.known(tx, before.importId, rows));
    await this.write(tx, before, plan, at);
    return advanced(before, { ...plan.counts, mergedThrough: last.row, consents: plan.consents.length });
  }

  private async write(tx: Tx, { importId, listId }: Import, plan: MergePlan, at: Date): Promise<void> {
    const source = `import:${importId}`;
    const entries = plan.consents.map(entryOf);
    const made = numberNew(plan, entries);
    const endpoints = await this.formed(tx, plan);
    // All sent at once, and answered in this order: the next is written while PostgreSQL carries out the one before.
    await Promise.all([
      addNumberedSubjects(tx, made),
      insertContacts(
        tx,
        plan.created.map((contact) => ({ ...contact, source })),
        at,
      ),
      updateProfiles(tx, [...plan.updated.values()], at),
      insertEndpoints(tx, endpoints, at),
      addMembers(
        tx,
        plan.members.map((contactId) => ({ listId, contactId })),
        at,
      ),
      insertRejects(tx, importId, plan.rejects, at),
      // Last, since it locks people against their own opt-outs until the commit, which follows at once.
      numberKnown(tx, entries),
    ]);
    await Promise.all([appendEntries(tx, entries, at), this.tell(tx, entries, at)]);
  }

  private async known(tx: Tx, importId: string, rows: readonly Staged[]): Promise<Known> {
    const emails = rows.flatMap(({ email }) => email?.hash ?? []);
    const phones = rows.flatMap(({ phone }) => phone?.hash ?? []);
    // A row with an email is known by it: of its telephone it does not matter who had it earlier in the file.
    const alone = rows.flatMap(({ email, phone }) => (email ? [] : (phone?.hash ?? [])));
    const [owners, earlier] = await Promise.all([
      endpointsByHashes(tx, [...emails, ...phones].map(bytesOf)),
      addressesBefore(tx, importId, rows[0]!.row, { emails, phones: alone }),
    ]);
    // Locked first and read afterwards: whoever is erased at this moment is waited for, and their suppression is seen.
    const living = await lockSubjects(tx, [...new Set(owners.map(({ contactId }) => contactId))]);
    const ids = [...new Set(owners.map(({ contactId }) => contactId))].filter((id) => living.has(id));
    return {
      people: await people(tx, ids),
      restricted: await restrictedAmong(tx, ids),
      erased: await this.erased(tx, [...new Set(rows.flatMap(({ hashes }) => hashes))]),
      earlier,
    };
  }

  /** Of these addresses, by name, those of people who were erased and objected. */
  private async erased(tx: Tx, names: readonly string[]): Promise<Set<string>> {
    const standing = await this.hashes.standing(tx.tenantId, names.map(bytesOf));
    const found = await erasedAmong(
      tx,
      standing.flatMap(({ forms }) => forms),
    );
    const isErased = (form: Buffer): boolean => found.has(form.toString('hex'));
    return new Set(names.filter((_, at) => standing[at]!.forms.some(isErased)));
  }

  private async formed(tx: Tx, { endpoints }: MergePlan): Promise<NewEndpoint[]> {
    const forms = await this.hashes.forms(tx.tenantId, endpoints.map(addressOf));
    return endpoints.map((planned, at) => ({ ...endpointOf(planned), forms: forms[at]! }));
  }

  private tell(tx: Tx, entries: readonly NewEntry[], at: Date): Promise<void> {
    return this.outbox.addAll(
      tx,
      ConsentChanged,
      entries.map((entry) => ({
        data: changeOf(tx.tenantId, { ...entry, recordedAt: at }),
        sequence: entry.epoch,
      })),
    );
  }
}

/** Its epoch is given when it is known whose row holds it. */
function entryOf({
  contactId,
  channel,
  purpose,
  basis,
  saidAt,
  origin,
}: MergePlan['consents'][number]): NewEntry {
  return {
    ...{ entryId: newId(), contactId, channel, purpose, sender: '' },
    ...{ state: 'granted', basis, source: 'import' },
    ...{ epoch: UNNUMBERED, saidAt: new Date(saidAt), recordedBy: undefined, origin },
  };
}

/** Nobody else can number those whom the batch makes: 1, 2 ... Returns how many each of them has. */
function numberNew({ created }: MergePlan, entries: NewEntry[]): { id: string; given: number }[] {
  const given = new Map(created.map(({ contactId }) => [contactId, 0]));
  for (const entry of entries) {
    const before = given.get(entry.contactId);
    if (before === undefined) continue;
    given.set(entry.contactId, before + 1);
    entry.epoch = BigInt(before + 1);
  }
  return [...given].map(([id, count]) => ({ id, given: count }));
}

/** The others' numbers are taken under the lock of their rows. */
async function numberKnown(tx: Tx, entries: readonly NewEntry[]): Promise<void> {
  const open = entries.filter(({ epoch }) => epoch === UNNUMBERED);
  const epochs = await nextEpochs(
    tx,
    open.map(({ contactId }) => contactId),
  );
  open.forEach((entry, index) => (entry.epoch = epochs[index]!));
}

/** In the order of the ids given: that of who has had an address longest. */
async function people(tx: Tx, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return [];
  const [contacts, endpoints, states] = [
    await contactsById(tx, ids),
    Map.groupBy(await endpointsOf(tx, ids), ({ contactId }) => contactId),
    await statesOf(tx, ids),
  ];
  return ids.flatMap((contactId) => {
    const profile = contacts.get(contactId);
    const hashes = (channel: Endpoint['channel']): Set<string> =>
      new Set(
        (endpoints.get(contactId) ?? [])
          .filter((endpoint) => endpoint.channel === channel)
          .map(({ endpointHash }) => endpointHash.toString('hex')),
      );
    if (!profile) return [];
    return [
      {
        contactId,
        profile,
        emails: hashes('email'),
        phones: hashes('voice'),
        states: states.get(contactId) ?? [],
        corrected: new Set(profile.corrected),
      },
    ];
  });
}

function endpointOf({ contactId, channel, address, hash }: MergePlan['endpoints'][number]): Endpoint {
  return { endpointId: newId(), contactId, channel, address, endpointHash: bytesOf(hash) };
}

/** As it was read when the file came: what is staged has passed the same rules. */
function addressOf({ channel, address }: MergePlan['endpoints'][number]): Address {
  const read = channel === 'email' ? readEmail(address) : readPhone(address, undefined);
  return read ?? { channel, address, canonical: address };
}

function bytesOf(hash: string): Buffer {
  return Buffer.from(hash, 'hex');
}
