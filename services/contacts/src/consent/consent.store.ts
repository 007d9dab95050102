import { ALL_OUTREACH, coversPurpose } from '@heed/contracts';
import { type TimeSpan } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { type Channel } from '../contacts/address.js';
import { type Basis, type ConsentState, type ConsentValue, type Source } from './consent.js';

/** What the ledger is given. */
export interface NewEntry {
  entryId: string;
  contactId: string;
  channel: Channel | '';
  purpose: string;
  sender: string;
  state: ConsentValue;
  basis: Basis | undefined;
  source: Source;
  epoch: bigint;
  saidAt: Date;
  recordedBy: string | undefined;
  origin: string | undefined;
}

export interface Entry extends Omit<NewEntry, 'origin'> {
  recordedAt: Date;
}

interface StateRecord {
  contact_id: string;
  channel: Channel | '';
  purpose: string;
  sender: string;
  state: ConsentValue;
  entry_id: string;
  epoch: string;
  said_at: Date;
  since: Date;
}

/** The ledger and what follows from it. Appended to under the lock that the epoch is taken with. */
export async function appendEntries(tx: Tx, entries: readonly NewEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return;
  await tx.execute(
    `insert into consent_entry (tenant_id, recorded_at, entry_id, contact_id, channel, purpose, state, basis, source,
       epoch, said_at, recorded_by, origin, sender)
     select $1, $2, e.* from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::bigint[], $11::timestamptz[], $12::uuid[], $13::text[], $14::text[]) e`,
    [
      tx.tenantId,
      at,
      entries.map((entry) => entry.entryId),
      entries.map((entry) => entry.contactId),
      entries.map((entry) => entry.channel),
      entries.map((entry) => entry.purpose),
      entries.map((entry) => entry.state),
      entries.map((entry) => entry.basis ?? null),
      entries.map((entry) => entry.source),
      entries.map((entry) => entry.epoch),
      entries.map((entry) => entry.saidAt),
      entries.map((entry) => entry.recordedBy ?? null),
      entries.map((entry) => entry.origin ?? null),
      entries.map((entry) => entry.sender),
    ],
  );
  // The epochs were taken under the subjects' locks, so no older entry can come after a newer one.
  await tx.execute(
    `insert into consent_state (tenant_id, since, contact_id, channel, purpose, sender, state, entry_id, epoch, said_at)
     select $1, $2, s.* from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
       $9::bigint[], $10::timestamptz[]) s
     on conflict on constraint consent_state_pkey do update
       set state = excluded.state, entry_id = excluded.entry_id, epoch = excluded.epoch, said_at = excluded.said_at,
         since = excluded.since`,
    [
      tx.tenantId,
      at,
      entries.map((entry) => entry.contactId),
      entries.map((entry) => entry.channel),
      entries.map((entry) => entry.purpose),
      entries.map((entry) => entry.sender),
      entries.map((entry) => entry.state),
      entries.map((entry) => entry.entryId),
      entries.map((entry) => entry.epoch),
      entries.map((entry) => entry.saidAt),
    ],
  );
}

/** What was shown or said, sealed. Kept once: whoever repeats a request repeats its evidence. */
export async function keepEvidence(
  tx: Tx,
  { entryId, contactId }: Pick<NewEntry, 'entryId' | 'contactId'>,
  sealed: Buffer,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into consent_evidence (tenant_id, entry_id, contact_id, sealed, at) values ($1, $2, $3, $4, $5)
     on conflict on constraint consent_evidence_pkey do nothing`,
    [tx.tenantId, entryId, contactId, sealed, at],
  );
}

/** The next number of a person: their row stays locked until the transaction ends. Also of someone erased. */
export async function nextEpoch(tx: Tx, contactId: string): Promise<bigint> {
  const rows = await tx.query<{ epoch: string }>('select heed.next_sequence($1, $2) as epoch', [
    tx.tenantId,
    contactId,
  ]);
  return BigInt(rows[0]!.epoch);
}

/** The next numbers of many, one for each element and in their order. */
export async function nextEpochs(tx: Tx, contactIds: readonly string[]): Promise<bigint[]> {
  if (contactIds.length === 0) return [];
  const rows = await tx.query<{ epoch: string }>(
    'select sequence as epoch from heed.next_sequences($1, $2::uuid[]) order by ordinal',
    [tx.tenantId, contactIds],
  );
  return rows.map((row) => BigInt(row.epoch));
}

/** What is known of each of these people; nobody is missing from the answer. */
export async function statesOf(tx: Tx, contactIds: readonly string[]): Promise<Map<string, ConsentState[]>> {
  const records = await tx.query<StateRecord>(
    `select contact_id, channel, purpose, sender, state, entry_id, epoch, said_at, since from consent_state
     where tenant_id = $1 and contact_id = any ($2::uuid[])
     order by contact_id, channel, purpose, sender`,
    [tx.tenantId, contactIds],
  );
  const states = new Map<string, ConsentState[]>(contactIds.map((id) => [id, []]));
  for (const record of records) states.get(record.contact_id)?.push(stateOf(record));
  return states;
}

export interface EntryFilter {
  contactId: string;
  /** Empty: all. */
  channel: Channel | '';
  purpose: string;
  state: ConsentValue | undefined;
  recorded: TimeSpan;
}

/**
 * Entries about a person before the one of `before`, newest first. One without a channel is about each of them, one
 * without a purpose or about all outreach likewise.
 */
export async function entriesBefore(
  tx: Tx,
  { contactId, channel, purpose, state, recorded }: EntryFilter,
  before: bigint | undefined,
  limit: number,
): Promise<Entry[]> {
  const records = await tx.query<EntryRecord>(
    `select entry_id, contact_id, channel, purpose, sender, state, basis, source, epoch, said_at, recorded_at, recorded_by
     from consent_entry
     where tenant_id = $1 and contact_id = $2 and ($3::bigint is null or epoch < $3)
       and ($5 = '' or channel in ($5, '')) and ($6 = '' or purpose = any ($10::text[]))
       and ($7::text is null or state = $7)
       and ($8::timestamptz is null or recorded_at >= $8) and ($9::timestamptz is null or recorded_at < $9)
     order by epoch desc limit $4`,
    [
      ...[tx.tenantId, contactId, before ?? null, limit, channel, purpose, state ?? null],
      ...[recorded.from ?? null, recorded.until ?? null, wordsAbout(purpose)],
    ],
  );
  return records.map(entryOf);
}

/** What a statement about a purpose may have named: the purpose, or more than it. */
export function wordsAbout(purpose: string): string[] {
  return ['', purpose, ...(coversPurpose(ALL_OUTREACH, purpose) ? [ALL_OUTREACH] : [])];
}

export async function entryById(tx: Tx, entryId: string): Promise<Entry | undefined> {
  const [record] = await tx.query<EntryRecord>(
    `select entry_id, contact_id, channel, purpose, sender, state, basis, source, epoch, said_at, recorded_at, recorded_by
     from consent_entry where tenant_id = $1 and entry_id = $2`,
    [tx.tenantId, entryId],
  );
  return record && entryOf(record);
}

interface EntryRecord {
  entry_id: string;
  contact_id: string;
  channel: Channel | '';
  purpose: string;
  sender: string;
  state: ConsentValue;
  basis: Basis | null;
  source: Source;
  epoch: string;
  said_at: Date;
  recorded_at: Date;
  recorded_by: string | null;
}

function stateOf(record: StateRecord): ConsentState {
  return {
    channel: record.channel,
    ...{ purpose: record.purpose, sender: record.sender },
    state: record.state,
    entryId: record.entry_id,
    epoch: BigInt(record.epoch),
    saidAt: record.said_at,
    since: record.since,
  };
}

function entryOf(record: EntryRecord): Entry {
  return {
    entryId: record.entry_id,
    contactId: record.contact_id,
    channel: record.channel,
    ...{ purpose: record.purpose, sender: record.sender },
    state: record.state,
    basis: record.basis ?? undefined,
    source: record.source,
    epoch: BigInt(record.epoch),
    saidAt: record.said_at,
    recordedAt: record.recorded_at,
    recordedBy: record.recorded_by ?? undefined,
  };
}

/** Of these entries, those that rest on consent and on no other ground. */
export async function entriesOnConsent(tx: Tx, entryIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ entry_id: string }>(
    `select entry_id from consent_entry where tenant_id = $1 and entry_id = any ($2::uuid[]) and basis = 'consent'`,
    [tx.tenantId, entryIds],
  );
  return new Set(rows.map((row) => row.entry_id));
}
