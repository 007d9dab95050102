import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@heed/kernel';
import { type ObjectStore } from './object-store.js';

/** How far a log has been written, and the digest of its last chunk; before the first one 0 and empty. */
export interface Head {
  sequence: number;
  digest: string;
}

export const START: Head = { sequence: 0, digest: '' };

export interface Entry {
  tenantId: string;
  payload: Buffer;
}

export interface Chunk extends Head {
  entries: Entry[];
}

interface Written {
  format: 'heed-offsite/1';
  log: string;
  sequence: number;
  /** SHA-256 of the chunk before. */
  previous: string;
  at: string;
  entries: [tenantId: string, payload: string][];
}

const DIGITS = 12;

/**
 * A log in an object store, in chunks that are numbered, never replaced, and each of which names the digest of the one
 * before: whoever reads it sees that one is missing, or is not what was written.
 */
export class AppendOnlyLog {
  constructor(
    private readonly store: Pick<ObjectStore, 'putNew' | 'get' | 'list'>,
    private readonly name: string,
  ) {}

  /**
   * Writes the next chunk. Where there is one already that follows the head, an earlier try has written it and did not
   * live to say so: it is answered as it stands, and may hold other entries than those given.
   */
  async append(head: Head, entries: readonly Entry[], at: Date): Promise<Chunk> {
    const sequence = head.sequence + 1;
    const bytes = encoded({
      ...{ format: 'heed-offsite/1', log: this.name, sequence, previous: head.digest, at: at.toISOString() },
      entries: entries.map(({ tenantId, payload }) => [tenantId, payload.toString('base64')]),
    });
    if (await this.store.putNew(this.keyOf(sequence), bytes)) {
      return { sequence, digest: digestOf(bytes), entries: [...entries] };
    }
    return this.read(sequence, head.digest);
  }

  /** The chunks after the head, in order. A hole, or a chunk that does not follow the one before, ends it with an error. */
  async *after(head: Head): AsyncGenerator<Chunk> {
    let at = head;
    for (const sequence of await this.sequences()) {
      if (sequence <= head.sequence) continue;
      if (sequence !== at.sequence + 1) {
        throw refusal(
          'OFFSITE_HOLE',
          `${this.name}: chunk ${at.sequence + 1} is missing, ${sequence} is there`,
        );
      }
      const chunk = await this.read(sequence, at.digest);
      yield chunk;
      at = chunk;
    }
  }

  private async read(sequence: number, previous: string): Promise<Chunk> {
    const parts = await (await this.store.get(this.keyOf(sequence))).toArray();
    const bytes = Buffer.concat(parts as Buffer[]);
    const { log, sequence: numbered, previous: follows, entries } = decoded(bytes);
    if (log !== this.name || numbered !== sequence || follows !== previous) {
      throw refusal('OFFSITE_FORKED', `${this.name}: chunk ${sequence} does not follow the one before it`);
    }
    return {
      ...{ sequence, digest: digestOf(bytes) },
      entries: entries.map(([tenantId, payload]) => ({ tenantId, payload: Buffer.from(payload, 'base64') })),
    };
  }

  private async sequences(): Promise<number[]> {
    const found: number[] = [];
    for await (const { key } of this.store.list(`${this.name}/`)) {
      const [, digits] = /\/(\d{12})\.json$/.exec(key) ?? [];
      if (digits !== undefined) found.push(Number(digits));
    }
    return found.sort((a, b) => a - b);
  }

  private keyOf(sequence: number): string {
    return `${this.name}/${String(sequence).padStart(DIGITS, '0')}.json`;
  }
}

/**
 * Whether a store leaves what is there: some that speak S3's protocol take a second write although it asks for none. What
 * is written is the same each time, and is left there.
 */
export async function keepsWhatIsThere(store: Pick<ObjectStore, 'putNew'>, by: string): Promise<boolean> {
  const key = `probe/${by}`;
  const content = Buffer.from('written once');
  await store.putNew(key, content);
  return !(await store.putNew(key, content));
}

function encoded(chunk: Written): Buffer {
  return Buffer.from(canonicalJson(chunk));
}

function decoded(bytes: Buffer): Written {
  try {
    const chunk = JSON.parse(bytes.toString('utf8')) as Written;
    if (chunk.format === 'heed-offsite/1') return chunk;
  } catch {
    // Said below.
  }
  throw refusal(
    'OFFSITE_UNREADABLE',
    'a chunk of the copy off site is not one that was written by this version',
  );
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function refusal(reason: string, message: string): DomainError {
  return new DomainError(reason, 'failed-precondition', { message });
}
