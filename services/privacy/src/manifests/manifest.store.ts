import { readManifest } from '@heed/data-rights';
import { type Manifest } from '@heed/data-map';
import { type Statements } from '@heed/postgres';

export interface SignedManifest {
  service: string;
  version: string;
  content: Buffer;
  signature: Buffer;
  keyId: string;
}

/** A manifest as it was shown last. */
export interface ShownManifest {
  manifest: Manifest;
  keyId: string;
  seenAt: Date;
}

/** Manifests by service and version: what was pinned once can be shown for as long as a certificate needs it. */
export async function keepManifest(tx: Statements, manifest: SignedManifest, at: Date): Promise<void> {
  await tx.execute(
    `insert into manifest as kept (service, version, content, signature, key_id, seen_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (service, version) do update set seen_at = greatest(kept.seen_at, excluded.seen_at)`,
    [manifest.service, manifest.version, manifest.content, manifest.signature, manifest.keyId, at],
  );
}

/** The manifest that each service has shown last. */
export async function latestManifests(tx: Statements): Promise<Manifest[]> {
  return (await latestShown(tx)).map(({ manifest }) => manifest);
}

/** What each service has shown last, with when and by which key. */
export async function latestShown(tx: Statements): Promise<ShownManifest[]> {
  const rows = await tx.query<{ content: Buffer; keyId: string; seenAt: Date }>(
    `select distinct on (service) content, key_id as "keyId", seen_at as "seenAt" from manifest
     order by service, seen_at desc, version`,
  );
  return rows.map(({ content, ...rest }) => ({ manifest: readManifest(content), ...rest }));
}

export async function signedManifest(
  tx: Statements,
  service: string,
  version: string,
): Promise<SignedManifest | undefined> {
  const [row] = await tx.query<SignedManifest>(
    `select service, version, content, signature, key_id as "keyId" from manifest
     where service = $1 and version = $2`,
    [service, version],
  );
  return row;
}

export async function manifestsByVersion(tx: Statements, versions: readonly string[]): Promise<Manifest[]> {
  const rows = await tx.query<{ content: Buffer }>('select content from manifest where version = any ($1)', [
    versions,
  ]);
  return rows.map(({ content }) => readManifest(content));
}
