import { type Tx } from '@heed/postgres';

export interface PackageChunk {
  fileNo: number;
  chunkNo: number;
  subjectId: string;
  name: string;
  chunk: Buffer;
}

export async function addChunk(
  tx: Tx,
  requestId: string,
  chunk: PackageChunk,
  expiresAt: Date,
): Promise<void> {
  await tx.execute(
    `insert into package_part (tenant_id, request_id, file_no, chunk_no, subject_id, name, chunk, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tx.tenantId,
      requestId,
      chunk.fileNo,
      chunk.chunkNo,
      chunk.subjectId,
      chunk.name,
      chunk.chunk,
      expiresAt,
    ],
  );
}

/** The next chunks after a place, in order. */
export async function chunksAfter(
  tx: Tx,
  requestId: string,
  after: { fileNo: number; chunkNo: number },
  limit: number,
): Promise<PackageChunk[]> {
  return tx.query<PackageChunk>(
    `select file_no as "fileNo", chunk_no as "chunkNo", subject_id as "subjectId", name, chunk from package_part
     where tenant_id = $1 and request_id = $2 and (file_no, chunk_no) > ($3, $4)
     order by file_no, chunk_no limit $5`,
    [tx.tenantId, requestId, after.fileNo, after.chunkNo, limit],
  );
}

export async function destroyPackage(tx: Tx, requestId: string): Promise<void> {
  await tx.execute('delete from package_part where tenant_id = $1 and request_id = $2', [
    tx.tenantId,
    requestId,
  ]);
}
