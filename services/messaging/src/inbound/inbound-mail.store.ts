import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';
import { type InboundMail } from './inbound-mail.js';

interface MailRecord {
  mail_id: string;
  contact_id: string;
  is_known: boolean;
  attempt_id: string | null;
  address_kind: InboundMail['addressKind'];
  kind: InboundMail['kind'];
  channel: InboundMail['scope']['channel'];
  purpose: string;
  delivery: NonNullable<InboundMail['delivery']> | null;
  code: string;
  raw: Buffer | null;
  received_at: Date;
  expires_at: Date;
  handled_at: Date | null;
}

const COLUMNS = `mail_id, contact_id, is_known, attempt_id, address_kind, kind, channel, purpose, delivery, code, raw,
  received_at, expires_at, handled_at`;

/** Rows of mails that came back. */
@Injectable()
export class InboundMailStore {
  async keep(tx: Tx, mail: InboundMail, handledAt: Date | undefined): Promise<void> {
    await tx.execute(
      `insert into inbound_mail (tenant_id, mail_id, contact_id, is_known, attempt_id, address_kind, kind, channel,
         purpose, delivery, code, raw, received_at, expires_at, handled_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
      [
        ...[tx.tenantId, mail.mailId, mail.contactId, mail.isKnown, mail.attemptId ?? null, mail.addressKind],
        ...[mail.kind, mail.scope.channel, mail.scope.purpose, mail.delivery ?? null, mail.code],
        ...[mail.raw ?? null, mail.receivedAt, mail.expiresAt, handledAt ?? null],
      ],
    );
  }

  async find(tx: Tx, mailId: string): Promise<(InboundMail & { isHandled: boolean }) | undefined> {
    const [row] = await tx.query<MailRecord>(
      `select ${COLUMNS} from inbound_mail where tenant_id = $1 and mail_id = $2`,
      [tx.tenantId, mailId],
    );
    return row && { ...mailOf(row), isHandled: row.handled_at !== null };
  }

  /** Nothing is to be read in it any more: it is reduced to codes. */
  async handled(tx: Tx, mailId: string, at: Date): Promise<void> {
    await tx.execute(
      'update inbound_mail set handled_at = $3, raw = null where tenant_id = $1 and mail_id = $2',
      [tx.tenantId, mailId, at],
    );
  }

  /** Whether something about these people waits for its handling. */
  async anyOpenOf(tx: Tx, contactIds: readonly string[]): Promise<boolean> {
    const [row] = await tx.query<{ found: boolean }>(
      `select exists (
         select 1 from inbound_mail
         where tenant_id = $1 and handled_at is null and contact_id = any ($2::uuid[])
       ) as found`,
      [tx.tenantId, contactIds],
    );
    return row?.found ?? false;
  }

  /** Whether something of which nobody knows whose it is waits for its handling. */
  async anyOpenOfNobody(tx: Tx): Promise<boolean> {
    const [row] = await tx.query<{ found: boolean }>(
      `select exists (
         select 1 from inbound_mail where tenant_id = $1 and handled_at is null and not is_known
       ) as found`,
      [tx.tenantId],
    );
    return row?.found ?? false;
  }

  /** Doubts about these people that nobody has decided. */
  async undecidedOf(tx: Tx, contactIds: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ mail_id: string }>(
      `select mail_id from inbound_mail
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and kind = 'doubt' and decision is null
       order by mail_id`,
      [tx.tenantId, contactIds],
    );
    return rows.map((row) => row.mail_id);
  }

  /** A doubt becomes an opt-out that is still to be recorded; or it is none. False: somebody has decided before. */
  async decide(
    tx: Tx,
    mailId: string,
    { decision, by, at }: { decision: 'opt_out' | 'not_an_opt_out'; by: string | undefined; at: Date },
  ): Promise<boolean> {
    const decided = await tx.execute(
      `update inbound_mail set decision = $3, decided_at = $4, decided_by = $5,
         channel = case $3 when 'opt_out' then 'email' else channel end,
         handled_at = case $3 when 'opt_out' then null else handled_at end
       where tenant_id = $1 and mail_id = $2 and kind = 'doubt' and decision is null`,
      [tx.tenantId, mailId, decision, at, by ?? null],
    );
    return decided === 1;
  }

  /** Of whom a hold keeps, those alone that somebody was to decide. */
  async expired(tx: Tx, at: Date, limit: number): Promise<{ mailId: string; isUndecided: boolean }[]> {
    const rows = await tx.query<{ mail_id: string; undecided: boolean }>(
      `select mail_id, kind = 'doubt' and decision is null as undecided from inbound_mail
       where tenant_id = $1 and expires_at <= $2 and handled_at is not null
         and (kind = 'doubt' and decision is null or not heed.is_held(tenant_id, contact_id))
       order by expires_at limit $3`,
      [tx.tenantId, at, limit],
    );
    return rows.map((row) => ({ mailId: row.mail_id, isUndecided: row.undecided }));
  }

  async remove(tx: Tx, mailIds: readonly string[]): Promise<void> {
    await tx.execute('delete from inbound_mail where tenant_id = $1 and mail_id = any ($2::uuid[])', [
      tx.tenantId,
      mailIds,
    ]);
  }
}

function mailOf(row: MailRecord): InboundMail {
  return {
    mailId: row.mail_id,
    contactId: row.contact_id,
    isKnown: row.is_known,
    attemptId: row.attempt_id ?? undefined,
    addressKind: row.address_kind,
    kind: row.kind,
    scope: { channel: row.channel, purpose: row.purpose },
    delivery: row.delivery ?? undefined,
    code: row.code,
    raw: row.raw ?? undefined,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
  };
}
