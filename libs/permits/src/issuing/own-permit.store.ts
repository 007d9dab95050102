import { type Tx } from '@heed/postgres';

/** A row of `permit`, of an issuer that gives leave to reach its own people. */
export interface NewOwnPermit {
  permitId: string;
  attemptId: string;
  nonce: Buffer;
  subjectId: string;
  addressSalt: Buffer;
  purpose: string;
  restsOn: string;
}

export interface OwnIssue {
  at: Date;
  issuedTo: string;
  ruleVersion: string;
  lifetimeMs: number;
}

/** As long as contacts keeps its own. */
const KEPT_MS = 35 * 24 * 3_600_000;

/** Writes them. Ids of those that are new: a nonce serves its attempt once. */
export async function addOwnPermits(
  tx: Tx,
  permits: readonly NewOwnPermit[],
  { at, issuedTo, ruleVersion, lifetimeMs }: OwnIssue,
): Promise<Set<string>> {
  const rows = await tx.query<{ permit_id: string }>(
    `insert into permit (tenant_id, permit_id, issued_at, attempt_id, nonce, subject_id, address_salt, purpose, rests_on,
       rule_version, lifetime_ms, issued_to)
     select $1, p.permit_id, $2, p.attempt_id, p.nonce, p.subject_id, p.salt, p.purpose, p.rests_on, $3, $4, $5
     from unnest($6::uuid[], $7::uuid[], $8::bytea[], $9::uuid[], $10::bytea[], $11::text[], $12::uuid[])
       as p (permit_id, attempt_id, nonce, subject_id, salt, purpose, rests_on)
     on conflict on constraint permit_once do nothing
     returning permit_id`,
    [
      ...[tx.tenantId, at, ruleVersion, lifetimeMs, issuedTo],
      permits.map(({ permitId }) => permitId),
      permits.map(({ attemptId }) => attemptId),
      permits.map(({ nonce }) => nonce),
      permits.map(({ subjectId }) => subjectId),
      permits.map(({ addressSalt }) => addressSalt),
      permits.map(({ purpose }) => purpose),
      permits.map(({ restsOn }) => restsOn),
    ],
  );
  return new Set(rows.map((row) => row.permit_id));
}

/** Those whose time is over, but of whom a hold keeps. They are few: an issuer of its own people sends no campaigns. */
export async function forgetOldPermits(tx: Tx, at: Date): Promise<void> {
  await tx.execute(
    'delete from permit where tenant_id = $1 and issued_at < $2 and not heed.is_held(tenant_id, subject_id)',
    [tx.tenantId, new Date(at.getTime() - KEPT_MS)],
  );
}
