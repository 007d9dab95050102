import { declareInfrastructure } from '@heed/data-map';
import { type AcrossTx } from '@heed/postgres';

export interface ServiceKeyRow {
  service: string;
  keyId: string;
  publicKey: Buffer;
  registeredAt: Date;
  /** Id of the key that endorsed this one, or was revoked for it; null for the first. */
  follows: string | null;
  revokedAt: Date | null;
}

export const serviceKeyTable = declareInfrastructure({
  table: 'public.service_key',
  description: 'public keys of the six services, each followed by the next',
  columns: {
    ...{ service: 'name', key_id: 'digest', public_key: 'digest', registered_at: 'time', follows: 'digest' },
    revoked_at: 'time',
  },
  tenants: 'open',
});

/** Keeps a first key, or the successor of one, unless another was quicker; returns what is kept then, oldest first. */
export async function pinServiceKey(tx: AcrossTx, key: ServiceKeyRow): Promise<ServiceKeyRow[]> {
  await tx.execute(
    `insert into service_key (service, key_id, public_key, registered_at, follows) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [key.service, key.keyId, key.publicKey, key.registeredAt, key.follows],
  );
  // In a statement of its own: it sees the row that another registration has committed meanwhile.
  return keysOfService(tx, key.service);
}

/** The first time stays. */
export async function markRevoked(tx: AcrossTx, service: string, keyId: string, at: Date): Promise<void> {
  await tx.execute(
    'update service_key set revoked_at = $3 where service = $1 and key_id = $2 and revoked_at is null',
    [service, keyId, at],
  );
}

/** Oldest first: the last one is the service's key. */
export async function keysOfService(tx: AcrossTx, service: string): Promise<ServiceKeyRow[]> {
  return inOrder(await readKeys(tx, service));
}

/** Every key of every service, each service's in order. */
export async function allServiceKeys(tx: AcrossTx): Promise<ServiceKeyRow[]> {
  const keys = await readKeys(tx, null);
  const services = [...new Set(keys.map(({ service }) => service))];
  return services.flatMap((name) => inOrder(keys.filter(({ service }) => service === name)));
}

function readKeys(tx: AcrossTx, service: string | null): Promise<ServiceKeyRow[]> {
  return tx.query<ServiceKeyRow>(
    `select service, key_id as "keyId", public_key as "publicKey", registered_at as "registeredAt", follows,
       revoked_at as "revokedAt"
     from service_key where $1::text is null or service = $1 order by service`,
    [service],
  );
}

/** By who follows whom, not by time: clocks of two replicas may differ. */
function inOrder(keys: readonly ServiceKeyRow[]): ServiceKeyRow[] {
  const chain: ServiceKeyRow[] = [];
  let next = keys.find(({ follows }) => follows === null);
  while (next) {
    chain.push(next);
    const { keyId } = next;
    next = keys.find(({ follows }) => follows === keyId);
  }
  return chain;
}
