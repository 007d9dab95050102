import { type Tx } from '@heed/postgres';

export interface SealedIdentifier {
  identifierId: string;
  subjectId: string;
  channel: 'email' | 'voice';
  address: Buffer;
}

export async function addIdentifiers(
  tx: Tx,
  requestId: string,
  handle: string,
  identifiers: readonly SealedIdentifier[],
): Promise<void> {
  await tx.execute(
    `insert into request_identifier (tenant_id, request_id, handle, identifier_id, subject_id, channel, address)
     select $1, $2, $3, i.* from unnest($4::uuid[], $5::uuid[], $6::text[], $7::bytea[]) i`,
    [
      tx.tenantId,
      requestId,
      handle,
      identifiers.map((identifier) => identifier.identifierId),
      identifiers.map((identifier) => identifier.subjectId),
      identifiers.map((identifier) => identifier.channel),
      identifiers.map((identifier) => identifier.address),
    ],
  );
}

/** Those of open requests. */
export async function identifiersByHandles(
  tx: Tx,
  handles: readonly string[],
): Promise<(SealedIdentifier & { handle: string })[]> {
  return tx.query<SealedIdentifier & { handle: string }>(
    `select i.handle, i.identifier_id as "identifierId", i.subject_id as "subjectId", i.channel, i.address
     from request_identifier i join request r using (tenant_id, request_id)
     where i.tenant_id = $1 and i.handle = any ($2::uuid[]) and r.closed_at is null`,
    [tx.tenantId, handles],
  );
}

/** Whom a handle leads to, where the open request is one that this service must answer. */
export async function subjectOfHandle(tx: Tx, handle: string, service: string): Promise<string | undefined> {
  const [row] = await tx.query<{ subjectId: string }>(
    `select r.subject_id as "subjectId" from request r join request_pin p using (tenant_id, request_id)
     where r.tenant_id = $1 and r.handle = $2 and p.service = $3 and r.closed_at is null`,
    [tx.tenantId, handle, service],
  );
  return row?.subjectId;
}

export async function destroyIdentifiers(tx: Tx, requestIds: readonly string[]): Promise<void> {
  await tx.execute('delete from request_identifier where tenant_id = $1 and request_id = any ($2::uuid[])', [
    tx.tenantId,
    requestIds,
  ]);
}
