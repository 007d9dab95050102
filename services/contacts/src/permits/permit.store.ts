import { type Tx } from '@heed/postgres';
import { type ContactRules } from '../contact-rules/contact-rules.js';
import { type Hours } from './own-rules.js';
import { denied, ruleVersionOf, type Ask, type DenialReason, type Refusal, type Verdict } from './permit.js';

interface Judged {
  denial: DenialReason | null;
  rules_version: string;
  /** Null where this attempt was given a permit under this nonce before. */
  issued: string | null;
  endpoint_id: string;
  endpoint_hash: Buffer;
  address: string;
  entry_id: string;
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
 * Who may be reached. All of it is read in one statement, hence in one snapshot, which PostgreSQL takes when the
 * statement begins (READ COMMITTED): after the question arrived, on the primary. An opt-out that was committed before
 * the sender asked is in it; one that commits later is not, and meets a permit that was asked for before it and dies
 * within a second of that. No lock between the two is needed, and none is taken: an opt-out never waits for permits.
 *
 * Of several addresses on a channel the newest counts, since it is the one that the person gave last. What covers a
 * channel and purpose is decided by the highest epoch (consent.ts, decisive).
 *
 * Over gRPC, rows, leaves and links included: 4,300/s in batches of 500 one after another, 7,100/s two at a time
 * (two shared cores, 10,000 contacts).
 */
const DECIDING = `
  select a.ord, a.attempt_id, a.nonce, a.permit_id, a.salt, a.contact_id, a.channel, a.purpose, a.lifetime_ms,
    coalesce((select r.version from contact_rules r where r.tenant_id = $1), 0) as rules_version,
    c.first_name, c.last_name, c.country, e.endpoint_id, e.endpoint_hash, e.address, s.entry_id,
    case
      when c.contact_id is null then 'unknown_contact'
      when exists (select 1 from stopped st where st.tenant_id = $1 and st.contact_id = a.contact_id) then 'stopped'
      when e.endpoint_id is null then 'no_endpoint'
      when s.state = 'opted_out' then 'opted_out'
      when exists (
        select 1 from suppression su
        where su.tenant_id = $1 and su.endpoint_hash = e.endpoint_hash and su.reason = 'opt_out'
          and su.channel in ('', a.channel) and su.purpose in ('', a.purpose)
      ) then 'suppressed'
      when s.state is null then 'no_consent'
      when exists (
        select 1 from endpoint_state es
        where es.tenant_id = $1 and es.endpoint_id = e.endpoint_id and es.state = 'undeliverable'
      ) then 'undeliverable'
    end as denial
  from unnest($2::int[], $3::uuid[], $4::bytea[], $5::uuid[], $6::bytea[], $7::uuid[], $8::text[], $9::text[],
      $10::int[])
    as a (ord, attempt_id, nonce, permit_id, salt, contact_id, channel, purpose, lifetime_ms)
  left join contact c on c.tenant_id = $1 and c.contact_id = a.contact_id
  left join lateral (
    select e.endpoint_id, e.endpoint_hash, e.address from endpoint e
    where e.tenant_id = $1 and e.contact_id = a.contact_id and e.channel = a.channel
    order by e.endpoint_id desc limit 1
  ) e on true
  left join lateral (
    select s.state, s.entry_id from consent_state s
    where s.tenant_id = $1 and s.contact_id = a.contact_id
      and s.channel in ('', a.channel) and s.purpose in ('', a.purpose)
    order by s.epoch desc limit 1
  ) s on true`;

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
         endpoint_hash, address_salt, channel, purpose, consent_entry_id, rule_version, lifetime_ms, issued_to)
       select $1, j.permit_id, $11, $13, j.attempt_id, j.nonce, j.contact_id, j.endpoint_id,
         j.endpoint_hash, j.salt, j.channel, j.purpose, j.entry_id, $14, j.lifetime_ms, $15
       from judged j
       where j.denial is null and j.lifetime_ms > 0 and j.rules_version = $16 and not exists (
         select 1 from permit p
         where p.tenant_id = $1 and p.attempt_id = j.attempt_id and p.nonce = j.nonce and p.day = $12)
       on conflict (tenant_id, attempt_id, nonce, day) do nothing
       returning permit_id
     )
     select j.denial, j.rules_version, i.permit_id as issued, j.endpoint_id, j.endpoint_hash, j.address, j.entry_id,
       j.first_name, j.last_name, j.country
     from judged j left join issued i on i.permit_id = j.permit_id
     order by j.ord`,
    [
      ...parameters(tx, permits),
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
export async function judge(tx: Tx, asks: readonly Ask[]): Promise<Judgement[]> {
  const permits = asks.map((ask) => ({ ask, permitId: ask.attemptId, salt: Buffer.alloc(0) }));
  const judged = await tx.query<{
    denial: DenialReason | null;
    entry_id: string | null;
    endpoint_hash: Buffer | null;
  }>(
    `select denial, entry_id, endpoint_hash from (${DECIDING}) judged order by ord`,
    parameters(tx, permits),
  );
  return judged.map(({ denial, entry_id: entryId, endpoint_hash: hash }) => ({
    denied: denial ?? undefined,
    consentEntryId: entryId ?? undefined,
    endpointHash: hash?.toString('hex'),
  }));
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
      consentEntryId: judged.entry_id,
      profile: {
        firstName: judged.first_name ?? undefined,
        lastName: judged.last_name ?? undefined,
        country: judged.country ?? undefined,
      },
    },
  };
}
