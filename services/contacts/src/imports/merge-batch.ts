import { Inject, Injectable } from '@nestjs/common';
import { ConsentChanged } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { addSubjects, lockSubjects, type Tx } from '@heed/postgres';
import { changeOf } from '../consent/consent-message.js';
import { appendEntries, nextEpochs, statesOf, type NewEntry } from '../consent/consent.store.js';
import { contactsById, insertContacts, updateProfiles } from '../contacts/contact.store.js';
import { type Endpoint } from '../contacts/contact.js';
import {
  endpointsByHashes,
  endpointsOf,
  insertEndpoints,
  lockForNewAddresses,
} from '../contacts/endpoint.store.js';
import { addMembers } from '../lists/list.store.js';
import { erasedAmong } from '../suppression/suppression.store.js';
import { insertRejects } from './import-reject.store.js';
import { advanced, type Import } from './import.js';
import { planMerge, type Known, type MergePlan, type Person } from './merge-plan.js';
import { addressesBefore, stagedAfter, type Staged } from './staged-row.store.js';

/** Rows of a file a transaction. Each makes some six rows; an eraser waits for no more than this (200 ms). */
export const BATCH = 400;

/**
 * Merges the next rows of an import: all reads, then a plan made without SQL, then all writes, each one statement for
 * the whole batch. The position moves in the same transaction, so each row is merged once, whatever is killed when.
 */
@Injectable()
export class MergeBatch {
  constructor(
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Within the transaction that holds the import's row, and saves what is returned: the import as it is then. */
  async merge(tx: Tx, before: Import): Promise<Import> {
    const at = this.clock.now();
    const rows = await stagedAfter(tx, before.importId, before.mergedThrough, BATCH);
    const last = rows.at(-1);
    if (!last) return { ...before, state: 'completed', finishedAt: at };
    await lockForNewAddresses(tx);
    const plan = planMerge(rows, await known(tx, before.importId, rows));
    await this.write(tx, before, plan, at);
    return advanced(before, { ...plan.counts, mergedThrough: last.row, consents: plan.consents.length });
  }

  private async write(tx: Tx, { importId, listId }: Import, plan: MergePlan, at: Date): Promise<void> {
    const source = `import:${importId}`;
    await addSubjects(
      tx,
      plan.created.map(({ contactId }) => contactId),
    );
    await insertContacts(
      tx,
      plan.created.map((contact) => ({ ...contact, source })),
      at,
    );
    await updateProfiles(tx, [...plan.updated.values()], at);
    await insertEndpoints(tx, plan.endpoints.map(endpointOf), at);
    await addMembers(
      tx,
      plan.members.map((contactId) => ({ listId, contactId })),
      at,
    );
    await insertRejects(tx, importId, plan.rejects, at);
    // Last, since it locks people against their own opt-outs until the commit, which follows at once.
    await this.appendConsents(tx, plan, at);
  }

  private async appendConsents(tx: Tx, { consents }: MergePlan, at: Date): Promise<void> {
    const epochs = await nextEpochs(
      tx,
      consents.map(({ contactId }) => contactId),
    );
    const entries = consents.map(
      ({ contactId, channel, purpose, basis, saidAt, origin }, index): NewEntry => {
        return {
          ...{ entryId: newId(), contactId, channel, purpose, state: 'granted', basis, source: 'import' },
          ...{
            epoch: epochs[index]!,
            saidAt: new Date(saidAt),
            recordedBy: undefined,
            origin,
          },
        };
      },
    );
    await appendEntries(tx, entries, at);
    await this.outbox.addAll(
      tx,
      ConsentChanged,
      entries.map((entry) => ({ data: changeOf({ ...entry, recordedAt: at }), sequence: entry.epoch })),
    );
  }
}

async function known(tx: Tx, importId: string, rows: readonly Staged[]): Promise<Known> {
  const emails = rows.flatMap(({ email }) => email?.hash ?? []);
  const phones = rows.flatMap(({ phone }) => phone?.hash ?? []);
  const owners = await endpointsByHashes(tx, [...emails, ...phones].map(bytesOf));
  // Locked first and read afterwards: whoever is erased at this moment is waited for, and their suppression is seen.
  const living = await lockSubjects(tx, [...new Set(owners.map(({ contactId }) => contactId))]);
  const ids = [...new Set(owners.map(({ contactId }) => contactId))].filter((id) => living.has(id));
  return {
    people: await people(tx, ids),
    erased: await erasedAmong(tx, rows.flatMap(({ hashes }) => hashes).map(bytesOf)),
    earlier: await addressesBefore(tx, importId, rows[0]!.row, { emails, phones }),
  };
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
      },
    ];
  });
}

function endpointOf({ contactId, channel, address, hash }: MergePlan['endpoints'][number]): Endpoint {
  return { endpointId: newId(), contactId, channel, address, endpointHash: bytesOf(hash) };
}

function bytesOf(hash: string): Buffer {
  return Buffer.from(hash, 'hex');
}
