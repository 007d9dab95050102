import { type AcrossTx, type Statements } from '@heed/postgres';
import { type Enrolment, type Participant } from './participant.js';

/** A participant with how far it has come. */
export interface ParticipantState extends Participant {
  manifestVersion: string | null;
  seenAt: Date | null;
  issued: number;
  handed: number;
  unanswered: number;
  silentSince: Date | null;
}

const COLUMNS = `p.name, p.key_id as "keyId", p.public_key as "publicKey", p.enrolled_at as "enrolledAt",
  p.retired_at as "retiredAt", p.retirement, p.without_receipt as "withoutReceipt",
  array(select t.tenant_id::text from participant_tenant t where t.name = p.name order by 1) as "tenantIds"`;

/** Two enrolments of one name meet here. */
export async function lockParticipant(tx: AcrossTx, name: string): Promise<Participant | undefined> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('privacy.participant', 0))`);
  return participantByName(tx, name);
}

export async function participantByName(tx: Statements, name: string): Promise<Participant | undefined> {
  const [row] = await tx.query<Participant>(`select ${COLUMNS} from participant p where p.name = $1`, [name]);
  return row;
}

/** Other participants who are no more, or of whom not every tenant of this one asks anything. */
export async function notAnsweringForAllOf(tx: AcrossTx, name: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select o.name from participant o, participant p
     where p.name = $1 and o.name <> p.name and (
       o.retired_at is not null
       or not o.all_tenants and (p.all_tenants or exists (
         select 1 from participant_tenant t where t.name = p.name and not exists (
           select 1 from participant_tenant u where u.name = o.name and u.tenant_id = t.tenant_id))))`,
    [name],
  );
  return rows.map((row) => row.name);
}

export async function saveParticipant(
  tx: AcrossTx,
  { name, publicKey, tenantIds }: Enrolment,
  keyId: string,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into participant (name, key_id, public_key, all_tenants, enrolled_at) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set all_tenants = excluded.all_tenants`,
    [name, keyId, Buffer.from(publicKey), tenantIds.length === 0, at],
  );
  await tx.execute('delete from participant_tenant where name = $1', [name]);
  await tx.execute('insert into participant_tenant select $1, * from unnest($2::uuid[])', [name, tenantIds]);
}

export async function participantWithKey(tx: AcrossTx, keyId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ name: string }>('select name from participant where key_id = $1', [keyId]);
  return row?.name;
}

export async function participantKeys(
  tx: Statements,
): Promise<{ service: string; publicKey: Buffer; retiresAt: string }[]> {
  const rows = await tx.query<{ service: string; publicKey: Buffer }>(
    'select name as service, public_key as "publicKey" from participant',
  );
  return rows.map((row) => ({ ...row, retiresAt: '' }));
}

/** Versions of the manifests of all who must answer for this tenant. */
export async function manifestsOfParticipants(tx: Statements, tenantId: string): Promise<string[]> {
  const rows = await tx.query<{ version: string }>(
    `select distinct on (m.service) m.version from participant p join manifest m on m.service = p.name
     where p.retired_at is null and (p.all_tenants or exists (
       select 1 from participant_tenant t where t.name = p.name and t.tenant_id = $1))
     order by m.service, m.seen_at desc, m.version`,
    [tenantId],
  );
  return rows.map(({ version }) => version);
}

const STATES = `
  select ${COLUMNS}, p.seen_at as "seenAt", p.issued, p.handed, m.version as "manifestVersion",
    coalesce(d.unanswered, 0)::int as unanswered, d.since as "silentSince"
  from participant p
  left join lateral (
    select version from manifest where service = p.name order by seen_at desc, version limit 1) m on true
  left join lateral (
    select count(distinct batch_id) as unanswered, min(issued_at) as since from participant_delivery
    where name = p.name and answered_at is null) d on true`;

type StateRow = Omit<ParticipantState, 'issued' | 'handed'> & { issued: string; handed: string };

export async function listParticipants(
  tx: AcrossTx,
  after: string | undefined,
  limit: number,
): Promise<ParticipantState[]> {
  const rows = await tx.query<StateRow>(
    `${STATES} where $1::text is null or p.name > $1 order by p.name limit $2`,
    [after ?? null, limit],
  );
  return rows.map(stateOf);
}

export async function participantState(tx: AcrossTx, name: string): Promise<ParticipantState | undefined> {
  const [row] = await tx.query<StateRow>(`${STATES} where p.name = $1`, [name]);
  return row && stateOf(row);
}

function stateOf(row: StateRow): ParticipantState {
  return { ...row, issued: Number(row.issued), handed: Number(row.handed) };
}

export async function replaceKey(
  tx: AcrossTx,
  name: string,
  keyId: string,
  publicKey: Uint8Array,
): Promise<void> {
  await tx.execute('update participant set key_id = $2, public_key = $3 where name = $1', [
    ...[name, keyId, Buffer.from(publicKey)],
  ]);
}

/** Nobody else's word about this takes the place of it. */
export async function retireWithout(
  tx: AcrossTx,
  name: string,
  { reason, leaf }: { reason: string; leaf: number },
  at: Date,
): Promise<void> {
  await tx.execute(
    `update participant set retired_at = $2, without_receipt = $3, retired_leaf = $4
     where name = $1 and retired_at is null`,
    [name, at, reason, leaf],
  );
}

/** Its first word about this stays. */
export async function retire(
  tx: AcrossTx,
  name: string,
  { retirement, signature, leaf }: { retirement: Buffer; signature: Buffer; leaf: number },
  at: Date,
): Promise<void> {
  await tx.execute(
    `update participant set retired_at = $2, retirement = $3, retirement_signature = $4, retired_leaf = $5
     where name = $1 and retired_at is null`,
    [name, at, retirement, signature, leaf],
  );
}
