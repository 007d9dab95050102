import { DomainError } from '@heed/kernel';
import { type Tx, type UnitOfWork } from '@heed/postgres';
import { chunkPlace } from './collect-export.js';
import { type ExportStore, type StoredChunk } from './export.store.js';

export interface ExportPiece {
  store: string;
  mediaType: string;
  name: string;
  chunk: Buffer;
}

/** What opens a chunk from its seal. */
export interface ChunkOpening {
  open(of: Tx, subjectId: string, place: ReturnType<typeof chunkPlace>, sealed: Buffer): Promise<Buffer>;
}

const PIECE_BYTES = 64 * 1024;
/** Chunks read in one transaction: none is held open while a slow reader takes its time. */
const CHUNKS_A_READ = 4;

/** Streams an export to privacy, and destroys it once privacy has it. */
export class HandOutExport {
  constructor(
    private readonly work: UnitOfWork,
    private readonly exports: ExportStore,
    private readonly sealing: ChunkOpening,
  ) {}

  async *pieces(tenantId: string, orderId: string): AsyncIterable<ExportPiece> {
    const known = await this.work.run(tenantId, (tx) => this.exports.isAccessOrder(tx, orderId));
    if (!known) throw new DomainError('EXPORT_NOT_FOUND', 'not-found');
    let after = { partNo: 0, chunkNo: 0 };
    for (;;) {
      const chunks = await this.work.run(tenantId, (tx) => this.openedAfter(tx, orderId, after));
      for (const { store, mediaType, name, chunk } of chunks) {
        // An empty file is one empty piece.
        for (let at = 0; at === 0 || at < chunk.length; at += PIECE_BYTES) {
          yield { store, mediaType, name, chunk: chunk.subarray(at, at + PIECE_BYTES) };
        }
      }
      const last = chunks.at(-1);
      if (!last) return;
      after = last;
    }
  }

  destroy(tenantId: string, orderId: string): Promise<number> {
    return this.work.run(tenantId, (tx) => this.exports.destroy(tx, orderId));
  }

  private async openedAfter(
    tx: Tx,
    orderId: string,
    after: { partNo: number; chunkNo: number },
  ): Promise<StoredChunk[]> {
    const chunks = await this.exports.chunksAfter(tx, orderId, after, CHUNKS_A_READ);
    const opened: StoredChunk[] = [];
    for (const stored of chunks) {
      const place = chunkPlace(orderId, stored.partNo, stored.chunkNo);
      const chunk = await this.sealing.open(tx, stored.subjectId, place, stored.chunk);
      opened.push({ ...stored, chunk });
    }
    return opened;
  }
}
