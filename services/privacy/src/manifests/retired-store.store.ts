import { type Statements } from '@heed/postgres';

export interface RetiredStore {
  service: string;
  store: string;
  version: string;
  leaf: number;
  retiredAt: Date;
}

/** The leaf of each store that this service has retired, by name. */
export async function retiredOf(tx: Statements, service: string): Promise<Map<string, number>> {
  const rows = await tx.query<{ store: string; leaf: string }>(
    'select store, leaf from retired_store where service = $1',
    [service],
  );
  return new Map(rows.map(({ store, leaf }) => [store, Number(leaf)]));
}

export async function addRetired(
  tx: Statements,
  { service, store, version, leaf, retiredAt }: RetiredStore,
): Promise<void> {
  await tx.execute(
    `insert into retired_store (service, store, manifest_version, leaf, retired_at) values ($1, $2, $3, $4, $5)`,
    [service, store, version, leaf, retiredAt],
  );
}

/** Versions of its manifest in which the store is retired. */
export async function versionsThatRetire(tx: Statements, service: string, store: string): Promise<string[]> {
  const rows = await tx.query<{ version: string }>(
    `select version from manifest where service = $1 and jsonb_path_exists(
       convert_from(content, 'UTF8')::jsonb, '$.stores[*] ? (@.kind == "retired" && @.name == $name)',
       jsonb_build_object('name', $2::text))`,
    [service, store],
  );
  return rows.map(({ version }) => version);
}

/** Whether a request that has not ended is pinned to a manifest with this store in it, retired or not. */
export async function isPinned(tx: Statements, service: string, store: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from manifest m where m.service = $1
       and jsonb_path_exists(convert_from(m.content, 'UTF8')::jsonb, '$.stores[*] ? (@.name == $name)',
         jsonb_build_object('name', $2::text))
       and exists (select 1 from request_pin p join request r using (tenant_id, request_id)
         where p.service = m.service and p.manifest_version = m.version and r.closed_at is null)
     limit 1`,
    [service, store],
  );
  return rows.length > 0;
}
