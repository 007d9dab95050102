import { type Tx } from '@heed/postgres';
import { type Rotation } from './rotation.js';

interface RotationRecord {
  rotation_id: string;
  key_version: number;
  state: Rotation['state'];
  formed: string;
  lifted: string;
  begun_at: Date;
  ended_at: Date | null;
}

/** Of two who begin at once one wins, and both go on with its rotation. */
export async function insertRotation(
  tx: Tx,
  rotation: Pick<Rotation, 'rotationId' | 'keyVersion' | 'begunAt'>,
): Promise<Rotation> {
  await tx.execute(
    `insert into suppression_rotation (tenant_id, rotation_id, key_version, state, begun_at)
     values ($1, $2, $3, 'announced', $4) on conflict on constraint suppression_rotation_version do nothing`,
    [tx.tenantId, rotation.rotationId, rotation.keyVersion, rotation.begunAt],
  );
  return (await lastRotation(tx))!;
}

export async function lastRotation(tx: Tx): Promise<Rotation | undefined> {
  const [record] = await tx.query<RotationRecord>(
    'select * from suppression_rotation where tenant_id = $1 order by key_version desc limit 1',
    [tx.tenantId],
  );
  return record && rotationOf(record);
}

export async function lockRotation(tx: Tx, rotationId: string): Promise<Rotation | undefined> {
  const [record] = await tx.query<RotationRecord>(
    'select * from suppression_rotation where tenant_id = $1 and rotation_id = $2 for update',
    [tx.tenantId, rotationId],
  );
  return record && rotationOf(record);
}

export async function saveRotation(tx: Tx, rotation: Rotation): Promise<void> {
  await tx.execute(
    `update suppression_rotation set state = $3, formed = $4, lifted = $5, ended_at = $6
     where tenant_id = $1 and rotation_id = $2`,
    [
      ...[tx.tenantId, rotation.rotationId, rotation.state],
      ...[rotation.formed, rotation.lifted, rotation.endedAt ?? null],
    ],
  );
}

/** Hashes of entries that stand under an older key: its version is the first byte, and hashes are in order. */
export async function entriesUnderOlderKeys(tx: Tx, keyVersion: number, limit: number): Promise<Buffer[]> {
  const rows = await tx.query<{ hash: Buffer }>(
    `select distinct endpoint_hash as hash from suppression
     where tenant_id = $1 and endpoint_hash < $2::bytea order by hash limit $3`,
    [tx.tenantId, Buffer.of(keyVersion), limit],
  );
  return rows.map(({ hash }) => hash);
}

/** Returns how many entries moved. */
export async function liftEntries(tx: Tx, olds: readonly Buffer[], news: readonly Buffer[]): Promise<number> {
  const [row] = await tx.query<{ lifted: string }>('select heed.lift_suppression($1, $2) as lifted', [
    olds,
    news,
  ]);
  return Number(row!.lifted);
}

function rotationOf(record: RotationRecord): Rotation {
  return {
    ...{ rotationId: record.rotation_id, keyVersion: record.key_version, state: record.state },
    ...{ formed: Number(record.formed), lifted: Number(record.lifted) },
    ...{ begunAt: record.begun_at, endedAt: record.ended_at ?? undefined },
  };
}
