import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { addChunk, chunksAfter } from './package.store.js';

/** Large enough that rows of data are few chunks, small enough that no recording is in memory whole. */
const CHUNK_BYTES = 192 * 1024;
const PIECE_BYTES = 64 * 1024;
const CHUNKS_A_READ = 4;

export interface PackageFile {
  requestId: string;
  subjectId: string;
  fileNo: number;
  name: string;
  expiresAt: Date;
}

const placeOf = (requestId: string, fileNo: number, chunkNo: number) => ({
  table: 'package_part',
  // The first column of the key after the tenant's names many chunks: the whole key tells them apart.
  row: `${requestId}/${fileNo}/${chunkNo}`,
  column: 'chunk',
});

/** Files of a package, in sealed chunks: each is written in a transaction of its own, whatever it is read from. */
@Injectable()
export class SealedChunks {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
  ) {}

  async write(tenantId: string, file: PackageFile, content: AsyncIterable<Uint8Array>): Promise<void> {
    let held: Buffer = Buffer.alloc(0);
    let chunkNo = 0;
    const put = async (bytes: Buffer): Promise<void> => {
      const { requestId, subjectId, fileNo, name, expiresAt } = file;
      chunkNo += 1;
      const place = placeOf(requestId, fileNo, chunkNo);
      const chunk = await this.sealing.seal(tenantId, subjectId, place, bytes);
      await this.uow.run(tenantId, (tx) =>
        addChunk(tx, requestId, { fileNo, chunkNo, subjectId, name, chunk }, expiresAt),
      );
    };
    for await (const bytes of content) {
      held = Buffer.concat([held, bytes]);
      for (; held.length >= CHUNK_BYTES; held = held.subarray(CHUNK_BYTES))
        await put(held.subarray(0, CHUNK_BYTES));
    }
    if (held.length > 0 || chunkNo === 0) await put(held);
  }

  async *read(tenantId: string, requestId: string): AsyncGenerator<{ name: string; chunk: Buffer }> {
    let after = { fileNo: 0, chunkNo: 0 };
    for (;;) {
      const chunks = await this.uow.run(tenantId, (tx) => chunksAfter(tx, requestId, after, CHUNKS_A_READ));
      for (const { fileNo, chunkNo, subjectId, name, chunk } of chunks) {
        const opened = await this.sealing.open(
          tenantId,
          subjectId,
          placeOf(requestId, fileNo, chunkNo),
          chunk,
        );
        for (let at = 0; at === 0 || at < opened.length; at += PIECE_BYTES) {
          yield { name, chunk: opened.subarray(at, at + PIECE_BYTES) };
        }
      }
      const last = chunks.at(-1);
      if (!last) return;
      after = last;
    }
  }
}
