import { createHash } from 'node:crypto';
import { subjectTablesOf, type Manifest, type SubjectTable } from '@heed/data-map';
import { type ObjectStore } from '@heed/objects';
import { type Tx } from '@heed/postgres';
import { answer } from './answer.js';
import { type OrderAnswer } from './erase-rows.js';
import { asHeldByThem, asSecondPerson, type Unsealing } from './export-rows.js';
import { type ExportStore } from './export.store.js';
import { type HandedOver } from './handed-over.js';
import { type KeptHashes } from './kept-hashes.js';
import { answerName } from './manifest-stores.js';
import { objectPrefix } from './object-prefix.js';
import { type Order } from './order-batch.js';
import { type SlowStores } from './slow-stores.js';
import { type ExportFile, type SpecialCases } from './special.js';

/** What seals a chunk under the person's key and opens it again. */
export interface ChunkSealing extends Unsealing {
  seal(of: Tx, subjectId: string, place: ChunkPlace, plaintext: Uint8Array): Promise<Buffer>;
}

export interface ChunkPlace {
  table: string;
  row: string;
  column: string;
}

export interface CollectExportParts {
  manifest: Manifest;
  exports: ExportStore;
  sealing: ChunkSealing;
  objects: ObjectStore;
  slow: SlowStores;
  special: SpecialCases;
  keptHashes: KeptHashes;
  handedOver: HandedOver;
}

/** Where export parts themselves lie: copies of what is handed out anyway. */
export const EXPORT_PARTS = 'heed.export_part';
/** Large enough that a contact is one chunk, small enough that a recording is never in memory whole. */
const CHUNK_BYTES = 192 * 1024;

/**
 * Collects everything that is held about a person, table by table from the data map, sealed under their own key until
 * privacy fetches it: an access request must not leave copies in the clear (REFERENCE: what the best peer gets wrong).
 */
export class CollectExport {
  private rowKeys: Map<string, string> | undefined;

  constructor(private readonly parts: CollectExportParts) {}

  async collect(tx: Tx, order: Order, at: Date, expiresAt: Date): Promise<OrderAnswer[]> {
    const { manifest, exports, slow, special, keptHashes, handedOver } = this.parts;
    await exports.destroy(tx, order.orderId);
    const writer = new PartWriter(tx, order, expiresAt, this.parts);
    const answers = [];
    // Copies first: what is collected from here on would be counted among them.
    const [copies, originals] = this.tables;
    for (const table of copies) answers.push(await this.copy(tx, table, order));
    for (const table of originals) answers.push(await this.table(tx, table, order, writer));
    for (const { name } of slow.objectStores()) {
      const store = answerName(manifest.service, { name });
      const files = special.exports.get(name)?.files(tx, order) ?? this.plainObjects(tx, name, order);
      answers.push(await writer.files(store, files));
    }
    // A key is no data about its person: what it opens is what is handed out.
    for (const store of slow.storesWithoutData()) answers.push(answer(store, 'NOTHING_HELD'));
    answers.push(...slow.ageing(at), ...(await keptHashes.count(tx, [order])));
    answers.push(...(await handedOver.count(tx, [order])));
    return answers.map((given) => ({ ...given, orderId: order.orderId }));
  }

  private get tables(): [copies: SubjectTable[], originals: SubjectTable[]] {
    const { manifest, special } = this.parts;
    const isCopy = ({ name }: SubjectTable): boolean => name === EXPORT_PARTS || special.copies.has(name);
    const tables = subjectTablesOf(manifest);
    return [tables.filter(isCopy), tables.filter((table) => !isCopy(table))];
  }

  private async copy(tx: Tx, table: SubjectTable, { subjectIds }: Order) {
    const store = answerName(this.parts.manifest.service, table);
    const count = await this.parts.exports.count(tx, table, subjectIds);
    return count > 0
      ? answer(store, 'RETAINED', { count, detail: 'copy_for_request' })
      : answer(store, 'NOTHING_HELD');
  }

  private async table(tx: Tx, table: SubjectTable, order: Order, writer: PartWriter) {
    const { manifest, exports, sealing } = this.parts;
    const store = answerName(manifest.service, table);
    const ids = order.subjectIds;
    const rowKey = await this.rowKey(tx, table);
    const held = await exports.rows(tx, table, table.subject, ids);
    const rows = await asHeldByThem(tx, table, held, rowKey, sealing);
    if (table.also) rows.push(...asSecondPerson(table, await exports.rows(tx, table, table.also, ids)));
    if (rows.length > 0) return writer.rows(store, rows);
    const retained = typeof table.onErasure === 'object' ? await exports.countRetained(tx, table, ids) : 0;
    return retained > 0
      ? answer(store, 'RETAINED', { count: retained, detail: (table.onErasure as { ground: string }).ground })
      : answer(store, 'NOTHING_HELD');
  }

  private async *plainObjects(tx: Tx, store: string, order: Order): AsyncIterable<ExportFile> {
    for (const id of order.subjectIds) {
      const prefix = objectPrefix(store, tx.tenantId, id);
      for await (const { key } of this.parts.objects.list(prefix)) {
        const content = await this.parts.objects.get(key);
        yield { name: key.slice(prefix.length), mediaType: 'application/octet-stream', content };
      }
    }
  }

  private async rowKey(tx: Tx, table: SubjectTable): Promise<string> {
    this.rowKeys ??= await this.parts.exports.rowKeys(tx);
    return this.rowKeys.get(`${table.schema}.${table.table}`) ?? '';
  }
}

/** Writes parts: one for the rows of a table, one for each object. */
class PartWriter {
  private partNo = 0;

  constructor(
    private readonly tx: Tx,
    private readonly order: Order,
    private readonly expiresAt: Date,
    private readonly parts: Pick<CollectExportParts, 'exports' | 'sealing'>,
  ) {}

  async rows(store: string, rows: readonly object[]) {
    const bytes = Buffer.from(JSON.stringify({ store, rows }));
    const digest = createHash('sha256');
    await this.part(store, { name: '', mediaType: 'application/json', content: once(bytes) }, digest);
    return answer(store, 'EXPORTED', { count: rows.length, digest: digest.digest('hex') });
  }

  async files(store: string, files: AsyncIterable<ExportFile>) {
    // Over all objects of the store, in the order in which they are handed out.
    const digest = createHash('sha256');
    let count = 0;
    for await (const file of files) {
      await this.part(store, file, digest);
      count += 1;
    }
    return count > 0
      ? answer(store, 'EXPORTED', { count, digest: digest.digest('hex') })
      : answer(store, 'NOTHING_HELD');
  }

  private async part(store: string, file: ExportFile, digest: ReturnType<typeof createHash>): Promise<void> {
    const partNo = (this.partNo += 1);
    let chunkNo = 0;
    const { orderId, subjectId } = this.order;
    for await (const bytes of inChunks(file.content, CHUNK_BYTES)) {
      digest.update(bytes);
      const place = chunkPlace(orderId, partNo, (chunkNo += 1));
      const chunk = await this.parts.sealing.seal(this.tx, subjectId, place, bytes);
      const { name, mediaType } = file;
      const stored = { partNo, chunkNo, subjectId, store, mediaType, name, chunk };
      await this.parts.exports.addChunk(this.tx, orderId, stored, this.expiresAt);
    }
  }
}

export function chunkPlace(orderId: string, partNo: number, chunkNo: number): ChunkPlace {
  return { table: EXPORT_PARTS, row: `${orderId}/${partNo}/${chunkNo}`, column: 'chunk' };
}

async function* once(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** At least one chunk, so that an empty file is a file. */
async function* inChunks(content: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let given = false;
  for await (const bytes of content) {
    held = Buffer.concat([held, bytes]);
    for (; held.length >= size; held = held.subarray(size)) {
      given = true;
      yield held.subarray(0, size);
    }
  }
  if (held.length > 0 || !given) yield held;
}
