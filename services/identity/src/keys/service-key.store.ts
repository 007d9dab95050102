import { declareInfrastructure } from '@heed/data-map';
import { type AcrossTx } from '@heed/postgres';

export interface ServiceKeyRow {
  service: string;
  keyId: string;
  publicKey: Buffer;
  registeredAt: Date;
}

export const serviceKeyTable = declareInfrastructure({
  table: 'public.service_key',
  description: 'public keys of the six services',
  columns: { service: 'name', key_id: 'digest', public_key: 'digest', registered_at: 'time' },
  tenants: 'open',
});

/** Keeps the first key of a service, and returns the key that is kept. */
export async function pinServiceKey(tx: AcrossTx, key: ServiceKeyRow): Promise<ServiceKeyRow> {
  await tx.execute(
    `insert into service_key (service, key_id, public_key, registered_at) values ($1, $2, $3, $4)
     on conflict on constraint service_key_pkey do nothing`,
    [key.service, key.keyId, key.publicKey, key.registeredAt],
  );
  // In a statement of its own: it sees the row that another registration has committed meanwhile.
  const [kept] = await readKeys(tx, key.service);
  return kept ?? key;
}

export function allServiceKeys(tx: AcrossTx): Promise<ServiceKeyRow[]> {
  return readKeys(tx, null);
}

function readKeys(tx: AcrossTx, service: string | null): Promise<ServiceKeyRow[]> {
  return tx.query<ServiceKeyRow>(
    `select service, key_id as "keyId", public_key as "publicKey", registered_at as "registeredAt"
     from service_key where $1::text is null or service = $1 order by service`,
    [service],
  );
}
