import { type Tx } from '@heed/postgres';
import { type ContactRules } from '../contact-rules/contact-rules.js';
import { DECIDING, EXPLAINING } from './deciding.js';
import { type Hours } from './own-rules.js';
import { termsOf } from './terms.js';
import {
  denied,
  LIFETIME_MS,
  ruleVersionOf,
  type Ask,
  type DenialReason,
  type Refusal,
  type Verdict,
} from './permit.js';

interface Judged {
  denial: DenialReason | null;
  rules_version: string;
  /** Null where this attempt was given a permit under this nonce before. */
  issued: string | null;
  endpoint_id: string;
  endpoint_hash: Buffer;
  address: string;
  /** Null where it rests on none. */
  entry_id: string | null;
  first_name: string | null;
  last_name: string | null;
  country: string | null;
}

/** An ask, with what its row will bear if it is granted. */
export interface NewPermit {
  ask: Ask;
  permitId: string;
  salt: Buffer;
  /** What the tenant's hours and caps leave of it; with nothing left none is issued. */
  allowed: Hours;
  reserves: boolean;
}

/** Who asks, when, and by which rules of the tenant the asks were looked at. */
export interface Issuing {
  issuedTo: string;
  at: Date;
  rules: ContactRules;
}

/**
 * Judges the asks and writes a row for each that may be reached. `ON CONFLICT` makes the nonce serve once within a
 * day, the look at the day before makes it so across midnight; see `lockMidnight` for both at once.
 *
 * Undefined where the tenant's rules are others by now: nothing was written.
 */
export async function judgeAndIssue(
  tx: Tx,
  permits: readonly NewPermit[],
  { issuedTo, at, rules }: Issuing,
): Promise<Verdict[] | undefined> {
  const today = dayOf(at);
  const judged = await tx.query<Judged>(
    `with judged as materialized (${DECIDING}),
     issued as (
       insert into permit (tenant_id, permit_id, day, issued_at, attempt_id, nonce, contact_id, endpoint_id,
         endpoint_hash, address_salt, channel, purpose, sender, consent_entry_id, rule_version, lifetime_ms, issued_to)
       select $1, j.permit_id, $14, $16, j.attempt_id, j.nonce, j.contact_id, j.endpoint_id,
         j.endpoint_hash, j.salt, j.channel, j.purpose, j.sender, j.entry_id, $17, j.lifetime_ms, $18
       from judged j
       where j.denial is null and j.lifetime_ms > 0 and j.rules_version = $19 and not exists (
         select 1 from permit p
         where p.tenant_id = $1 and p.attempt_id = j.attempt_id and p.nonce = j.nonce and p.day = $15)
       on conflict (tenant_id, attempt_id, nonce, day) do nothing
       returning permit_id
     )
     select j.denial, j.rules_version, i.permit_id as issued, j.endpoint_id, j.endpoint_hash, j.address, j.entry_id,
       j.first_name, j.last_name, j.country
     from judged j left join issued i on i.permit_id = j.permit_id
     order by j.ord`,
    [
      ...parameters(tx, permits, at),
      today,
      new Date(today.getTime() - DAY_MS),
      at,
      ruleVersionOf(rules),
      issuedTo,
      rules.version,
    ],
  );
  if (judged.some(({ rules_version: version }) => Number(version) !== rules.version)) return undefined;
  return permits.map((permit, index) => verdictOf(permit, judged[index]!, { at, rules }));
}

/** What consent, suppression and requests say of an ask, and where it would lead. */
export interface Judgement {
  denied: DenialReason | undefined;
  consentEntryId: string | undefined;
  /** In hexadecimal. */
  endpointHash: string | undefined;
}

/** What would be answered now; writes nothing. */
export async function judge(tx: Tx, asks: readonly Ask[], at: Date): Promise<Judgement[]> {
  const judged = await tx.query<{
    denial: DenialReason | null;
    entry_id: string | null;
    endpoint_hash: Buffer | null;
  }>(
    `select denial, entry_id, endpoint_hash from (${DECIDING}) judged order by ord`,
    parameters(tx, asks.map(unissued), at),
  );
  return judged.map(judgementOf);
}

/** What each rule says by itself. Where there is no contact or no address the rules about them say nothing. */
export interface Explained extends Judgement {
  isKnown: boolean;
  isStopped: boolean;
  isRestricted: boolean;
  hasEndpoint: boolean;
  consent: 'granted' | 'opted_out' | undefined;
  /** What they said no to is a sender, and not the purpose. */
  isOutOfSender: boolean;
  isSuppressed: boolean;
  isUndeliverable: boolean;
  /** Of a confirmation: whether there is an opt-out for it, and whether its minutes are over. */
  isDue: boolean;
  isOver: boolean;
}

export async function judgeByRule(tx: Tx, ask: Ask, at: Date): Promise<Explained> {
  const [row] = await tx.query<{
    denial: DenialReason | null;
    entry_id: string | null;
    endpoint_hash: Buffer | null;
    consent: 'granted' | 'opted_out' | null;
    out_of_sender: boolean;
    known: boolean;
    stopped: boolean;
    restricted: boolean;
    has_endpoint: boolean;
    suppressed: boolean;
    undeliverable: boolean;
    due: boolean;
    over: boolean;
  }>(EXPLAINING, parameters(tx, [unissued(ask)], at));
  const { known, stopped, has_endpoint: hasEndpoint, consent, suppressed, undeliverable } = row!;
  return {
    ...judgementOf(row!),
    ...{ isKnown: known, isStopped: stopped, hasEndpoint, consent: consent ?? undefined },
    isOutOfSender: row!.out_of_sender,
    isRestricted: row!.restricted,
    ...{ isSuppressed: suppressed, isUndeliverable: undeliverable, isDue: row!.due, isOver: row!.over },
  };
}

function unissued(ask: Ask): Pick<NewPermit, 'ask' | 'permitId' | 'salt'> {
  return { ask, permitId: ask.attemptId, salt: Buffer.alloc(0) };
}

function judgementOf(row: {
  denial: DenialReason | null;
  entry_id: string | null;
  endpoint_hash: Buffer | null;
}): Judgement {
  return {
    denied: row.denial ?? undefined,
    consentEntryId: row.entry_id ?? undefined,
    endpointHash: row.endpoint_hash?.toString('hex'),
  };
}

/**
 * The same nonce asked for twice in the same instant on both sides of midnight would find neither a conflict nor a
 * row of the day before. Within five seconds of midnight a tenant's batches stand in line.
 */
export async function lockMidnight(tx: Tx, at: Date): Promise<void> {
  const sinceMidnight = at.getTime() % DAY_MS;
  if (sinceMidnight > MIDNIGHT_MS && DAY_MS - sinceMidnight > MIDNIGHT_MS) return;
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('contacts.midnight.' || $1, 0))`, [
    tx.tenantId,
  ]);
}

/** Makes the partitions of the days ahead and drops those whose time is over. */
export async function tendDays(tx: Pick<Tx, 'query'>, at: Date): Promise<void> {
  await tx.query(`select heed.ensure_day_partitions('permit', $1, 3)`, [at]);
  await tx.query(`select heed.drop_day_partitions('permit', $1)`, [at]);
}

const DAY_MS = 24 * 3_600_000;
const MIDNIGHT_MS = 5_000;

function dayOf(at: Date): Date {
  return new Date(at.getTime() - (at.getTime() % DAY_MS));
}

function parameters(
  tx: Tx,
  permits: readonly (Pick<NewPermit, 'ask' | 'permitId' | 'salt'> & Partial<NewPermit>)[],
  at: Date,
): unknown[] {
  return [
    tx.tenantId,
    permits.map((_, index) => index),
    permits.map(({ ask }) => ask.attemptId),
    permits.map(({ ask }) => ask.nonce),
    permits.map(({ permitId }) => permitId),
    permits.map(({ salt }) => salt),
    permits.map(({ ask }) => ask.contactId),
    permits.map(({ ask }) => ask.channel),
    permits.map(({ ask }) => ask.purpose),
    permits.map(({ allowed }) => allowed?.lifetimeMs ?? 0),
    permits.map(({ ask }) => termsOf(ask.purpose)),
    // When a permit of now has died at the latest.
    new Date(at.getTime() + LIFETIME_MS),
    permits.map(({ ask }) => ask.sender),
  ];
}

function verdictOf(
  { ask, permitId, salt, allowed, reserves }: NewPermit,
  judged: Judged,
  { at, rules }: Pick<Issuing, 'at' | 'rules'>,
): Verdict {
  if (judged.denial) return denied(ask, judged.denial, at);
  // Last, so that nobody is asked about again tomorrow who has said no today.
  if (allowed.refusal) return { ask, ...(allowed.refusal satisfies Refusal) };
  if (!judged.issued) return denied(ask, 'already_issued', at);
  return {
    ask,
    issued: {
      ...{ permitId, salt, reserves },
      ...{ ruleVersion: ruleVersionOf(rules), lifetimeMs: allowed.lifetimeMs },
      endpointId: judged.endpoint_id,
      endpointHash: judged.endpoint_hash,
      address: judged.address,
      consentEntryId: judged.entry_id ?? '',
      profile: {
        firstName: judged.first_name ?? undefined,
        lastName: judged.last_name ?? undefined,
        country: judged.country ?? undefined,
      },
      mayTrack: false,
    },
  };
}
