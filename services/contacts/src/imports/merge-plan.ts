import { judgeImported, type ConsentState } from '../consent/consent.js';
import { type Channel } from '../contacts/address.js';
import { updatedProfile, type Profile } from '../contacts/contact.js';
import { type Reject } from './import-reject.store.js';
import { type RowFault } from './import-row.js';
import { type Staged, type StagedConsent } from './staged-row.store.js';

/** Somebody whom a row may be about: known before, or made by an earlier row. */
export interface Person {
  contactId: string;
  profile: Profile;
  /** Hashes (hex) of their addresses. */
  emails: Set<string>;
  phones: Set<string>;
  states: ConsentState[];
  /** What the person had corrected themselves: a file says it no better. */
  corrected: ReadonlySet<string>;
}

/** What the database knows about the addresses of a batch. */
export interface Known {
  /** Addresses of people who were erased and objected. */
  erased: ReadonlySet<string>;
  /** People whose data are restricted: what is held about them stays as it is. */
  restricted: ReadonlySet<string>;
  /** Addresses of earlier rows of the same file. */
  earlier: ReadonlySet<string>;
  /** Who has an address; whoever has had theirs longest comes first. */
  people: readonly Person[];
}

export interface PlannedEndpoint {
  contactId: string;
  channel: Channel;
  address: string;
  hash: string;
}

/** All that a batch is to write. Counting is part of it: what is written and what is told agree. */
export interface MergePlan {
  created: (Profile & { contactId: string })[];
  updated: Map<string, Profile & { contactId: string }>;
  endpoints: PlannedEndpoint[];
  members: string[];
  consents: (StagedConsent & { contactId: string })[];
  rejects: Reject[];
  counts: {
    accepted: number;
    created: number;
    updated: number;
    rejected: Partial<Record<RowFault, number>>;
  };
}

/** Decides about each row in the order of the file; a later row sees what an earlier one made. No SQL, no clock. */
export function planMerge(rows: readonly Staged[], known: Known): MergePlan {
  const plan: MergePlan = {
    ...{ created: [], updated: new Map(), endpoints: [], members: [], consents: [], rejects: [] },
    counts: { accepted: 0, created: 0, updated: 0, rejected: {} },
  };
  const people = [...known.people];
  const seen = new Set(known.earlier);
  for (const row of rows) {
    const fault = faultOf(row, people, known, seen);
    if (fault) {
      plan.counts.rejected[fault.reason] = (plan.counts.rejected[fault.reason] ?? 0) + 1;
      // Of somebody who was erased nothing is kept, not even the row that we refuse.
      if (fault.reason !== 'SUPPRESSED') plan.rejects.push(fault);
      continue;
    }
    for (const address of [row.email, row.phone]) if (address) seen.add(address.hash);
    accept(row, people, plan);
  }
  return plan;
}

function faultOf(
  row: Staged,
  people: readonly Person[],
  { erased, restricted }: Known,
  seen: ReadonlySet<string>,
): Reject | undefined {
  const reject = (reason: RowFault, columns: string[]): Reject => {
    const { row: number, line, contactId, hashes, cells } = row;
    return { row: number, line, contactId, reason, columns, hashes, cells };
  };
  // Before anything else: a faulty or doubled row of somebody erased would otherwise be kept for seven days.
  if (isSuppressed(row, people, erased)) return reject('SUPPRESSED', []);
  if (row.fault) return reject(row.fault, row.faultColumns);
  // Who has an email is known by it; two people may give one telephone, and then both are in the file.
  const identity = row.email ?? row.phone;
  if (identity && seen.has(identity.hash))
    return reject('DUPLICATE_IN_FILE', [row.email ? 'email' : 'phone']);
  if (restricted.has(personOf(row, people)?.contactId ?? '')) return reject('RESTRICTED', []);
  return undefined;
}

/**
 * A row with an address of somebody who was erased and objected brings nobody back. It is good all the same where it is
 * about somebody else who shares that address: they have it themselves, and the row names them by another (ATTACKS 5.12).
 */
function isSuppressed(row: Staged, people: readonly Person[], erased: ReadonlySet<string>): boolean {
  const gone = row.hashes.filter((hash) => erased.has(hash));
  if (gone.length === 0) return false;
  const person = row.fault ? undefined : personOf(row, people);
  const holds = (hash: string): boolean => Boolean(person?.emails.has(hash) || person?.phones.has(hash));
  return !(gone.every(holds) && row.hashes.some((hash) => !erased.has(hash) && holds(hash)));
}

/**
 * By email; else by telephone, but two different emails are two people who share it. Of several with the same address
 * the one who has had it longest.
 */
function personOf({ email, phone }: Staged, people: readonly Person[]): Person | undefined {
  const byEmail = email && people.find((person) => person.emails.has(email.hash));
  if (byEmail || !phone) return byEmail;
  return people.find((person) => person.phones.has(phone.hash) && (!email || person.emails.size === 0));
}

function accept(row: Staged, people: Person[], plan: MergePlan): void {
  const stated: Profile = { firstName: row.firstName, lastName: row.lastName, country: row.country };
  let person = personOf(row, people);
  plan.counts.accepted++;
  if (person) {
    plan.counts.updated++;
    const profile = updatedProfile(person.profile, stated, person.corrected);
    if (profile) {
      person.profile = profile;
      plan.updated.set(person.contactId, { contactId: person.contactId, ...profile });
    }
  } else {
    plan.counts.created++;
    const { contactId } = row;
    person = {
      ...{ contactId, profile: stated, emails: new Set(), phones: new Set(), states: [] },
      corrected: new Set(),
    };
    people.push(person);
    plan.created.push({ contactId, ...stated });
  }
  plan.members.push(person.contactId);
  if (!person.corrected.has('email')) addAddress(plan, person, person.emails, 'email', row.email);
  if (!person.corrected.has('phone')) addAddress(plan, person, person.phones, 'voice', row.phone);
  for (const consent of row.consents) addConsent(plan, person, consent);
}

function addAddress(
  plan: MergePlan,
  { contactId }: Person,
  held: Set<string>,
  channel: Channel,
  stated: { address: string; hash: string } | undefined,
): void {
  if (!stated || held.has(stated.hash)) return;
  held.add(stated.hash);
  plan.endpoints.push({ contactId, channel, ...stated });
}

function addConsent(plan: MergePlan, person: Person, consent: StagedConsent): void {
  // A file names no sender: it says nothing about one that a person wants no more from.
  const scope = { channel: consent.channel, purpose: consent.purpose, sender: '' };
  if (judgeImported(person.states, scope) !== 'grant') return;
  plan.consents.push({ contactId: person.contactId, ...consent });
  const saidAt = new Date(consent.saidAt);
  // Its epoch is given when it is written. Of later rows it need be known only that something was said.
  person.states.push({ ...scope, state: 'granted', entryId: '', epoch: 1n, saidAt, since: saidAt });
}
