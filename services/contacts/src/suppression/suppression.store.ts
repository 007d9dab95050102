import { ALL_OUTREACH, coversPurpose } from '@heed/contracts';
import { type Tx } from '@heed/postgres';
import { NORMALISER_VERSION } from '../contacts/address.js';
import { type Standing } from '../contacts/address-hashes.js';
import { type Scope } from '../consent/consent.js';

export type SuppressionReason = 'opt_out' | 'erased' | 'listed';

/**
 * Added and asked about, never listed or taken back. Returns how many addresses this is news about. Said again it is as young
 * as it was said last: a confirmation of before (sign_up_confirmation) answers it no longer, here and by the copy off site.
 * And it ends those confirmations, but for people who are being erased: their rows are the erasure's, and no opt-out waits.
 */
export async function suppress(
  tx: Tx,
  standing: readonly (Pick<Standing, 'entry'> & Partial<Pick<Standing, 'name'>>)[],
  { reason, scope, at, stated = '' }: { reason: SuppressionReason; scope: Scope; at: Date; stated?: string },
): Promise<number> {
  if (standing.length === 0) return 0;
  const [row] = await tx.query<{ news: number }>(
    `with news as (
       insert into suppression (tenant_id, endpoint_hash, reason, channel, purpose, sender, normaliser, at, stated)
       select $1, hash, $2, $3, $4, $5, $6, $7, $9 from (select distinct hash from unnest($8::bytea[]) hash) h order by hash
       on conflict on constraint suppression_pkey do nothing
       returning *
     ), renewed as (
       select * from heed.renew_suppression($8, $2, $3, $4, $5, $7)
     ), copied as (
       insert into heed.offsite_due (log, tenant_id, payload)
       select '${OFFSITE_LOG}', tenant_id, ${OFFSITE_ENTRY} from (table news union all table renewed) said
       where exists (select 1 from heed.offsite_head where log = '${OFFSITE_LOG}')
     ), open as (
       select c.entry_id from sign_up_confirmation c
       join heed.subject p on p.tenant_id = $1 and p.subject_id = c.contact_id
       where c.tenant_id = $1 and c.ended_at is null and c.endpoint_hash = any ($10::bytea[])
         and $3 in ('', c.channel) and $4 in ('', c.purpose, '${ALL_OUTREACH}') and $5 in ('', c.sender)
       order by c.entry_id for key share of p skip locked for no key update of c skip locked
     ), ended as (
       update sign_up_confirmation c set ended_at = $7 from open o
       where c.tenant_id = $1 and c.entry_id = o.entry_id
     )
     select (select count(*) from news)::int as news, (select count(*) from renewed)::int as renewed`,
    [
      ...[tx.tenantId, reason, scope.channel, scope.purpose, scope.sender, NORMALISER_VERSION, at],
      standing.map(({ entry }) => entry),
      stated,
      reason === 'opt_out' ? standing.flatMap(({ name }) => name ?? []) : [],
    ],
  );
  return row!.news;
}

/** The list's copy off site: the folder of its chunks, for ever. */
export const OFFSITE_LOG = 'suppressions';

/** An entry as it lies there. */
export const OFFSITE_ENTRY = `convert_to(json_build_object('hash', encode(endpoint_hash, 'hex'), 'reason', reason,
  'channel', channel, 'purpose', purpose, 'sender', sender, 'normaliser', normaliser, 'at', at,
  'stated', stated)::text, 'UTF8')`;

/** Entries of a life that this database has lost. What was said again there is as young as it was said last. */
export async function takeBack(tx: Tx, payloads: readonly Buffer[]): Promise<void> {
  await tx.execute(
    `insert into suppression (tenant_id, endpoint_hash, reason, channel, purpose, sender, normaliser, at, stated)
     select $1, decode(e.hash, 'hex'), e.reason, e.channel, e.purpose, e.sender, e.normaliser, e.at, e.stated
     from ${offsiteEntries('$2')}
     on conflict on constraint suppression_pkey do nothing`,
    [tx.tenantId, payloads],
  );
  await tx.query(
    `select count(r) from ${offsiteEntries('$1')},
       heed.renew_suppression(array[decode(e.hash, 'hex')], e.reason, e.channel, e.purpose, e.sender, e.at) r`,
    [payloads],
  );
}

const offsiteEntries = (payloads: string): string => `unnest(${payloads}::bytea[]) payload
     cross join lateral json_to_record(convert_from(payload, 'UTF8')::json)
       as e (hash text, reason text, channel text, purpose text, sender text, normaliser smallint, at timestamptz,
         stated text)`;

/** How many entries there are about the addresses of each of these people, of whatever reason. */
export async function entriesAbout(tx: Tx, contactIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.query<{ contact: string; entries: number }>(
    // Each address looks its forms up by their key: joined, the whole list was read for each while statistics were young.
    `select e.contact_id as contact, sum((
       select count(*) from suppression s where s.tenant_id = $1 and s.endpoint_hash = form.hash
     ))::int as entries
     from endpoint e cross join unnest(coalesce(e.forms, array[e.endpoint_hash])) form (hash)
     where e.tenant_id = $1 and e.contact_id = any ($2::uuid[]) group by e.contact_id`,
    [tx.tenantId, contactIds],
  );
  return new Map(rows.map(({ contact, entries }) => [contact, entries]));
}

/** Which of these addresses belonged to somebody who was erased and objected. As hex, for sets. */
export async function erasedAmong(tx: Tx, hashes: readonly Buffer[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await tx.query<{ hash: string }>(
    `select encode(endpoint_hash, 'hex') as hash from suppression
     where tenant_id = $1 and endpoint_hash = any ($2::bytea[]) and reason = 'erased'`,
    [tx.tenantId, hashes],
  );
  return new Set(rows.map(({ hash }) => hash));
}

/**
 * Whether an opt-out heard from an address covers the scope, for each and in order. One that the owner of the address has
 * answered since by a confirmed sign-up does not: said again it is news.
 */
export async function optedOutAmong(
  tx: Tx,
  asked: readonly { name: Buffer; forms: readonly Buffer[]; scope: Scope }[],
): Promise<boolean[]> {
  if (asked.length === 0) return [];
  const each = asked.flatMap(({ name, forms, scope }, index) =>
    forms.map((form) => ({ name, form, scope, index })),
  );
  const rows = await tx.query<{ covered: number }>(
    `select distinct a.n as covered
     from unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::bytea[])
       as a (hash, channel, purpose, sender, n, wider, name)
     join suppression s on s.tenant_id = $1 and s.endpoint_hash = a.hash and s.reason = 'opt_out'
       and s.channel in ('', a.channel) and s.purpose in ('', a.purpose, a.wider) and s.sender in ('', a.sender)
     where not exists (
       select 1 from sign_up_confirmation c
       where c.tenant_id = $1 and c.endpoint_hash = a.name and c.ended_at is null and a.channel in ('', c.channel)
         and a.purpose in ('', c.purpose, '${ALL_OUTREACH}') and a.sender in ('', c.sender) and c.confirmed_at > s.at)`,
    [
      tx.tenantId,
      each.map(({ form }) => form),
      each.map(({ scope }) => scope.channel),
      each.map(({ scope }) => scope.purpose),
      each.map(({ scope }) => scope.sender),
      each.map(({ index }) => index),
      each.map(({ scope }) => (coversPurpose(ALL_OUTREACH, scope.purpose) ? ALL_OUTREACH : '')),
      each.map(({ name }) => name),
    ],
  );
  const covered = new Set(rows.map((row) => row.covered));
  return asked.map((_, index) => covered.has(index));
}
