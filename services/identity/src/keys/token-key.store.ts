import { declareInfrastructure } from '@heed/data-map';
import { type AcrossTx } from '@heed/postgres';

export interface PublishedTokenKey {
  keyId: string;
  publicKey: Buffer;
}

export const tokenKeyTable = declareInfrastructure({
  table: 'public.token_key',
  description: 'public keys that verify access tokens, and until when each is served',
  columns: { key_id: 'digest', public_key: 'digest', first_used_at: 'time', served_until: 'time' },
  tenants: 'open',
});

/** Serves the key until then at least. */
export async function serveTokenKey(
  tx: AcrossTx,
  key: PublishedTokenKey,
  until: Date,
  at: Date,
): Promise<void> {
  await tx.execute(
    `insert into token_key (key_id, public_key, first_used_at, served_until) values ($1, $2, $3, $4)
     on conflict on constraint token_key_pkey
     do update set served_until = greatest(token_key.served_until, excluded.served_until)`,
    [key.keyId, key.publicKey, at, until],
  );
}

/** The newest first. */
export function servedTokenKeys(tx: AcrossTx, at: Date): Promise<PublishedTokenKey[]> {
  return tx.query<PublishedTokenKey>(
    `select key_id as "keyId", public_key as "publicKey" from token_key
     where served_until > $1 order by first_used_at desc, key_id`,
    [at],
  );
}
