import { Injectable } from '@nestjs/common';
import { type Statements, type Tx } from '@heed/postgres';

export interface Deny {
  mailId: string;
  contactId: string;
  endpointHash: Buffer | undefined;
  reason: 'opt_out' | 'doubt';
}

/** Rows of those who are not written to, whatever contacts says. */
@Injectable()
export class DenyStore {
  async stand(tx: Tx, deny: Deny, at: Date): Promise<void> {
    await tx.execute(
      `insert into deny (tenant_id, mail_id, contact_id, endpoint_hash, reason, heard_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [tx.tenantId, deny.mailId, deny.contactId, deny.endpointHash ?? null, deny.reason, at],
    );
    await this.list(tx, deny, at);
  }

  /** An opt-out that is heard and not recorded; also of whom nobody here can be kept from writing to. */
  async list(tx: Tx, { mailId, reason }: Pick<Deny, 'mailId' | 'reason'>, at: Date): Promise<void> {
    await tx.execute(
      `insert into standing_deny (tenant_id, mail_id, reason, heard_at) values ($1, $2, $3, $4)
       on conflict (tenant_id, mail_id) do update set reason = excluded.reason, heard_at = excluded.heard_at`,
      [tx.tenantId, mailId, reason, at],
    );
  }

  /** In doubt until now, decided. */
  async becomesOptOut(tx: Tx, mailId: string, at: Date): Promise<void> {
    await tx.execute(`update deny set reason = 'opt_out' where tenant_id = $1 and mail_id = $2`, [
      tx.tenantId,
      mailId,
    ]);
    await this.list(tx, { mailId, reason: 'opt_out' }, at);
  }

  /** Stands until then, and is in nobody's memory from now on but for that long. */
  async end(tx: Tx, mailId: string, endsAt: Date): Promise<void> {
    await tx.execute('update deny set ends_at = $3 where tenant_id = $1 and mail_id = $2', [
      tx.tenantId,
      mailId,
      endsAt,
    ]);
    await tx.execute('delete from standing_deny where tenant_id = $1 and mail_id = $2', [
      tx.tenantId,
      mailId,
    ]);
  }

  async removeEnded(tx: Tx, before: Date): Promise<void> {
    await tx.execute(
      'delete from deny where tenant_id = $1 and ends_at <= $2 and not heed.is_held(tenant_id, contact_id)',
      [tx.tenantId, before],
    );
  }

  /** Which of these may not be written to, and why: by the attempt's id. A person, or an address whoever has it. */
  async among(
    tx: Tx,
    asked: readonly { attemptId: string; contactId: string; endpointHash: Buffer }[],
    at: Date,
  ): Promise<Map<string, Deny['reason']>> {
    const rows = await tx.query<{ attempt_id: string; reason: Deny['reason'] }>(
      `select a.attempt_id, max(d.reason) as reason
       from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as a (attempt_id, contact_id, endpoint_hash)
       join deny d on d.tenant_id = $1 and (d.ends_at is null or d.ends_at > $5)
         and (d.contact_id = a.contact_id or d.endpoint_hash = a.endpoint_hash)
       group by a.attempt_id`,
      [
        tx.tenantId,
        asked.map(({ attemptId }) => attemptId),
        asked.map(({ contactId }) => contactId),
        asked.map(({ endpointHash }) => endpointHash),
        at,
      ],
    );
    return new Map(rows.map((row) => [row.attempt_id, row.reason]));
  }

  async byMail(tx: Tx, mailIds: readonly string[]): Promise<Deny[]> {
    const rows = await tx.query<{
      mail_id: string;
      contact_id: string;
      endpoint_hash: Buffer | null;
      reason: Deny['reason'];
    }>(
      `select mail_id, contact_id, endpoint_hash, reason from deny
       where tenant_id = $1 and mail_id = any ($2::uuid[]) and ends_at is null`,
      [tx.tenantId, mailIds],
    );
    return rows.map((row) => ({
      ...{ mailId: row.mail_id, contactId: row.contact_id, reason: row.reason },
      endpointHash: row.endpoint_hash ?? undefined,
    }));
  }

  /** All that stand, of all tenants. */
  async standing(
    tx: Statements,
  ): Promise<{ tenantId: string; mailId: string; reason: Deny['reason']; heardAt: Date }[]> {
    const rows = await tx.query<{
      tenant_id: string;
      mail_id: string;
      reason: Deny['reason'];
      heard_at: Date;
    }>('select tenant_id, mail_id, reason, heard_at from standing_deny');
    return rows.map((row) => ({
      ...{ tenantId: row.tenant_id, mailId: row.mail_id, reason: row.reason, heardAt: row.heard_at },
    }));
  }
}
