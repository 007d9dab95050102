import { newId } from '@heed/kernel';
import pg from 'pg';
import { PURPOSE } from './people.js';

/** People who agreed to be written to, written past the service: an import of a million is another bench. */
export async function settle(url: string, tenantId: string, count: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const ids = Array.from({ length: count }, () => newId());
    for (let at = 0; at < count; at += 20_000) {
      const some = ids.slice(at, at + 20_000);
      const at0 = '2026-01-05T09:00:00Z';
      for (const statement of [
        `insert into heed.subject (tenant_id, subject_id) select $1, unnest($2::uuid[])`,
        `insert into contact (tenant_id, contact_id, first_name, last_name, country, source, created_at, updated_at)
         select $1, unnest($2::uuid[]), 'Ada', 'Okafor', 'GB', 'api', '${at0}', '${at0}'`,
        `insert into endpoint (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser, created_at)
         select $1, id, id, 'email', id || '@example.org', '\\x0001'::bytea || sha256(id::text::bytea), 1, '${at0}'
         from unnest($2::uuid[]) id`,
        `insert into consent_entry (tenant_id, entry_id, contact_id, channel, purpose, state, basis, source, epoch,
           said_at, recorded_at)
         select $1, id, id, 'email', '${PURPOSE}', 'granted', 'consent', 'import', 1, '${at0}', '${at0}'
         from unnest($2::uuid[]) id`,
        `insert into consent_state (tenant_id, contact_id, channel, purpose, state, entry_id, epoch, said_at, since)
         select $1, id, 'email', '${PURPOSE}', 'granted', id, 1, '${at0}', '${at0}' from unnest($2::uuid[]) id`,
      ])
        await client.query(statement, [tenantId, some]);
    }
    await client.query('vacuum analyze heed.subject, contact, endpoint, consent_state');
    return ids;
  } finally {
    await client.end();
  }
}
