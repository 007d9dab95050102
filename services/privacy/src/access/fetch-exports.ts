import { createHash, type Hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { datarightsV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { RpcClients } from '@heed/rpc';
import { refusal } from '../errors.js';
import { type Attachment, type Section } from './data-html.js';

type Piece = datarightsV1.FetchExportResponse;

/** What a service said that each of its stores has handed out. */
export interface Signed {
  service: string;
  store: string;
  digest: Buffer;
}

export type TakeFile = (attachment: Attachment, content: AsyncIterable<Uint8Array>) => Promise<void>;

const STREAM_MS = 300_000;

/** Fetches what a service has collected: rows into memory, files to whoever keeps them; all as the service signed. */
@Injectable()
export class FetchExports {
  constructor(private readonly clients: RpcClients) {}

  async fetch(
    tenantId: string,
    orderId: string,
    service: string,
    signed: readonly Signed[],
    takeFile: TakeFile,
  ): Promise<Section[]> {
    const client = this.clients.of(datarightsV1.DataRightsServiceService, service);
    const digests = new Map<string, Hash>();
    const sections: Section[] = [];
    const pieces = client
      .fetchExport({ orderId }, { tenantId, timeoutMs: STREAM_MS })
      [Symbol.asyncIterator]();
    for (let next = await pieces.next(); !next.done;) {
      const { store, mediaType, name } = next.value;
      const digest = digests.get(store) ?? createHash('sha256');
      digests.set(store, digest);
      const part = new Part(next.value, pieces, digest);
      if (name === '') sections.push({ service, store, rows: rowsOf(await part.whole()) });
      else
        await takeFile(
          { service, store, name, mediaType, file: fileOf(store, name, mediaType) },
          part.content(),
        );
      next = part.after();
    }
    for (const { store, digest } of signed) {
      if (!digests.get(store)?.digest().equals(digest))
        throw refusal('EXPORT_ALTERED', { metadata: { store } });
    }
    return sections;
  }

  /** The service's copy goes once ours is kept. */
  async destroy(tenantId: string, orderId: string, service: string): Promise<void> {
    await this.clients
      .of(datarightsV1.DataRightsServiceService, service)
      .destroyExport({ orderId }, { tenantId });
  }
}

/** The pieces of one store and name, which follow each other. */
class Part {
  private following: IteratorResult<Piece> | undefined;

  constructor(
    private readonly first: Piece,
    private readonly pieces: AsyncIterator<Piece>,
    private readonly digest: Hash,
  ) {}

  async *content(): AsyncGenerator<Uint8Array> {
    const { store, name } = this.first;
    for (
      let next: IteratorResult<Piece> = { done: false, value: this.first };
      ;
      next = await this.pieces.next()
    ) {
      if (next.done || next.value.store !== store || next.value.name !== name) {
        this.following = next;
        return;
      }
      this.digest.update(next.value.chunk);
      yield next.value.chunk;
    }
  }

  async whole(): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.content()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** The first piece of the next part. */
  after(): IteratorResult<Piece> {
    if (!this.following) throw new DomainError('EXPORT_UNREAD', 'internal');
    return this.following;
  }
}

function rowsOf(bytes: Buffer): Record<string, unknown>[] {
  return (JSON.parse(bytes.toString('utf8')) as { rows: Record<string, unknown>[] }).rows;
}

const ENDINGS: Record<string, string> = {
  'audio/wav': '.wav',
  'audio/x-wav': '.wav',
  'audio/mpeg': '.mp3',
  'audio/ogg': '.ogg',
  'text/plain': '.txt',
  'application/json': '.json',
  'image/png': '.png',
  'image/jpeg': '.jpg',
};

/** A name that means a file in any file system and nothing else. */
function fileOf(store: string, name: string, mediaType: string): string {
  const safe =
    name
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 120) || 'file';
  const ending = ENDINGS[mediaType] ?? '';
  return `attachments/${store}/${safe}${ending !== '' && !safe.endsWith(ending) ? ending : ''}`;
}
