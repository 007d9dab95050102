import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

/** From which template people were written to last: whoever sent it is known to them. */
@Injectable()
export class KnownSenderStore {
  /** By contact; missing for whom nobody has written to. */
  async lastTemplates(tx: Tx, contactIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ contact_id: string; template_id: string }>(
      `select distinct on (contact_id) contact_id, template_id from attempt
       where tenant_id = $1 and contact_id = any ($2::uuid[]) and issuer = 'contacts' and outcome = 'sent'
       order by contact_id, row_id desc`,
      [tx.tenantId, contactIds],
    );
    return new Map(rows.map((row) => [row.contact_id, row.template_id]));
  }
}
