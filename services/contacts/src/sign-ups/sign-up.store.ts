import { In } from 'typeorm';
import { type Tx } from '@heed/postgres';
import { type Entry } from '../consent/consent.store.js';
import { type SignUp } from './sign-up.js';
import { SignUpRow } from './sign-up.entity.js';

/** One sender of forms at a time for an address. Held until the transaction ends, which is short. */
export async function lockAddress(tx: Tx, endpointHash: Buffer): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('contacts.sign-up.' || $1, 0))`, [
    `${tx.tenantId} ${endpointHash.toString('hex')}`,
  ]);
}

/** Of every form; those whose time is over are not theirs any more. */
export function pendingAt(tx: Tx, endpointHash: Buffer, at: Date): Promise<SignUp[]> {
  return tx.query<SignUp>(
    `select ${COLUMNS} from sign_up where tenant_id = $1 and endpoint_hash = $2 and expires_at > $3`,
    [tx.tenantId, endpointHash, at],
  );
}

/** In the place of one whose time is over and that was not forgotten yet. */
export async function insertSignUp(tx: Tx, signUp: SignUp): Promise<void> {
  const { endpointHash, signUpFormId, signedUpAt } = signUp;
  await tx.execute(
    `delete from sign_up
     where tenant_id = $1 and endpoint_hash = $2 and sign_up_form_id = $3 and expires_at <= $4`,
    [tx.tenantId, endpointHash, signUpFormId, signedUpAt],
  );
  await tx.manager.insert(SignUpRow, { tenantId: tx.tenantId, ...signUp });
}

/** Another mail, about what was typed last and nothing else: under another id, so that the link of the one before is void. */
export async function renewSignUp(tx: Tx, before: string, { contactId, ...signUp }: SignUp): Promise<void> {
  const { signUpId, sealed, wordingVersion, attemptId, mails, mailedAt, signedUpAt } = signUp;
  await tx.manager.update(
    SignUpRow,
    { tenantId: tx.tenantId, signUpId: before, contactId },
    { signUpId, sealed, wordingVersion, attemptId, mails, mailedAt, signedUpAt },
  );
}

export async function signUpById(
  tx: Tx,
  signUpId: string,
  lock: '' | 'for update',
): Promise<SignUp | undefined> {
  const [row] = await tx.query<SignUp>(
    `select ${COLUMNS} from sign_up where tenant_id = $1 and sign_up_id = $2 ${lock}`,
    [tx.tenantId, signUpId],
  );
  return row;
}

/** Of people who are asked to confirm, by the attempts that ask them. */
export async function signUpsByAttempt(tx: Tx, attemptIds: readonly string[]): Promise<Map<string, SignUp>> {
  const rows = await tx.query<SignUp>(
    `select ${COLUMNS} from sign_up where tenant_id = $1 and attempt_id = any ($2::uuid[])`,
    [tx.tenantId, attemptIds],
  );
  return new Map(rows.map((row) => [row.attemptId, row]));
}

/** Of whoever they would become. */
export function signUpsOf(tx: Tx, contactIds: readonly string[]): Promise<SignUp[]> {
  return tx.query<SignUp>(
    `select ${COLUMNS} from sign_up where tenant_id = $1 and contact_id = any ($2::uuid[])`,
    [tx.tenantId, contactIds],
  );
}

/** Whoever they would become who typed one of these addresses, or for whom somebody else did. */
export async function newcomersAt(tx: Tx, hashes: readonly Buffer[]): Promise<string[]> {
  const rows = await tx.query<{ contactId: string }>(
    'select contact_id as "contactId" from sign_up where tenant_id = $1 and endpoint_hash = any ($2::bytea[])',
    [tx.tenantId, hashes],
  );
  return rows.map(({ contactId }) => contactId);
}

/** The address at which they were asked, while it is kept: until its time is over, or for ever where they confirmed. */
export async function nameAskedAt(tx: Tx, contactId: string): Promise<Buffer | undefined> {
  const [row] = await tx.query<{ name: Buffer }>(
    `select name from (
       select endpoint_hash as name, 1 as place, signed_up_at from sign_up where tenant_id = $1 and contact_id = $2
       union all
       select endpoint_hash, 2, signed_up_at from sign_up_confirmation where tenant_id = $1 and contact_id = $2
     ) asked order by place, signed_up_at desc limit 1`,
    [tx.tenantId, contactId],
  );
  return row?.name;
}

export async function deleteSignUps(tx: Tx, signUpIds: readonly string[]): Promise<void> {
  await tx.manager.delete(SignUpRow, { tenantId: tx.tenantId, signUpId: In([...signUpIds]) });
}

/** Form of what was confirmed by this link already; undefined where nothing was. */
export async function formOfConfirmed(tx: Tx, signUpId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ formId: string }>(
    `select sign_up_form_id as "formId" from sign_up_confirmation where tenant_id = $1 and sign_up_id = $2 limit 1`,
    [tx.tenantId, signUpId],
  );
  return row?.formId;
}

/** That these consents were confirmed from the address. */
export async function keepConfirmations(
  tx: Tx,
  { signUpId, signUpFormId, wordingVersion, endpointHash, signedUpAt }: SignUp,
  entries: readonly Entry[],
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into sign_up_confirmation (tenant_id, sign_up_id, sign_up_form_id, wording_version, endpoint_hash, signed_up_at,
       confirmed_at, entry_id, contact_id, channel, purpose, sender)
     select $1, $2, $3, $4, $5, $6, $7, e.*
     from unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[]) e`,
    [
      ...[tx.tenantId, signUpId, signUpFormId, wordingVersion, endpointHash, signedUpAt, at],
      entries.map(({ entryId }) => entryId),
      entries.map(({ contactId }) => contactId),
      entries.map(({ channel }) => channel),
      entries.map(({ purpose }) => purpose),
      entries.map(({ sender }) => sender),
    ],
  );
}

const COLUMNS = `sign_up_id as "signUpId", contact_id as "contactId", sign_up_form_id as "signUpFormId",
  endpoint_hash as "endpointHash", sealed, wording_version as "wordingVersion", attempt_id as "attemptId", mails,
  mailed_at as "mailedAt", signed_up_at as "signedUpAt", expires_at as "expiresAt"`;
