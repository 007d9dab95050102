import { newId } from '@heed/kernel';
import { type Tx } from '@heed/postgres';
import { TRACKING, type Scope } from './consent.js';
import { type Entry } from './consent.store.js';

/** An opt-out that is to be confirmed, and by which attempt. */
export interface DueConfirmation extends Scope {
  attemptId: string;
  contactId: string;
  confirmBy: Date;
  /** Empty: English. */
  language: string;
}

/**
 * Writes down which of these opt-outs, heard from different people, are to be confirmed: those that the tenant's rule
 * names, of whoever was not confirmed to within a day. To be called while the people's epochs are held, so that of two
 * opt-outs at once the second sees the first.
 */
export async function confirmationsDue(tx: Tx, entries: readonly Entry[]): Promise<DueConfirmation[]> {
  // Confirmed by email: whoever switched off calls alone is not written to about it. Nobody was sent tracking. And a
  // confirmation comes from one of the tenant's senders: after "no more from them" it may be the very one.
  const told = entries.filter(
    ({ channel, purpose, sender }) => channel !== 'voice' && purpose !== TRACKING && sender === '',
  );
  if (told.length === 0) return [];
  const rows = await tx.query<{ entry_id: string; attempt_id: string; confirm_by: Date; language: string }>(
    `with due as (
     insert into opt_out_confirmation (tenant_id, entry_id, contact_id, attempt_id, due_at, confirm_by)
     select $1, e.entry_id, e.contact_id, e.attempt_id, e.at, e.at + make_interval(mins => r.confirm_within_minutes)
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
       as e (entry_id, contact_id, attempt_id, source, at)
     join contact_rules r on r.tenant_id = $1 and e.source = any (r.confirm_sources)
     where not exists (
       select 1 from opt_out_confirmation c
       where c.tenant_id = $1 and c.contact_id = e.contact_id and c.due_at > e.at - interval '24 hours')
     returning entry_id, contact_id, attempt_id, confirm_by)
     select due.entry_id, due.attempt_id, due.confirm_by, coalesce(theirs.language, r.confirm_language) as language
     from due join contact_rules r on r.tenant_id = $1 left join lateral (
       select f.language from sign_up_confirmation c join sign_up_form f using (tenant_id, sign_up_form_id)
       where c.tenant_id = $1 and c.contact_id = due.contact_id order by c.confirmed_at desc limit 1
     ) theirs on true`,
    [
      tx.tenantId,
      told.map(({ entryId }) => entryId),
      told.map(({ contactId }) => contactId),
      told.map(() => newId()),
      told.map(({ source }) => source),
      told.map(({ recordedAt }) => recordedAt),
    ],
  );
  return rows.map((row): DueConfirmation => {
    const { contactId, channel, purpose, sender } = told.find(({ entryId }) => entryId === row.entry_id)!;
    const { attempt_id: attemptId, confirm_by: confirmBy, language } = row;
    return { contactId, channel, purpose, sender, attemptId, confirmBy, language };
  });
}

/** The attempt that confirms, or would have confirmed, the last opt-out of somebody that was to be. */
export async function lastConfirmation(tx: Tx, contactId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ attempt_id: string }>(
    `select attempt_id from opt_out_confirmation where tenant_id = $1 and contact_id = $2
     order by due_at desc limit 1`,
    [tx.tenantId, contactId],
  );
  return row?.attempt_id;
}
