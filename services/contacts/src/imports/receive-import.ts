import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, isDomainError, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { AddressHashes } from '../contacts/address-hashes.js';
import { type Address } from '../contacts/address.js';
import { refusal } from '../errors.js';
import { existingLists } from '../lists/list.store.js';
import { type Header } from './csv-header.js';
import { ImportWorker } from './import-worker.js';
import { hasEnded, type Import } from './import.js';
import { insertImport, lockImport, saveImport } from './import.store.js';
import { readRow, type FaultyRow, type GoodRow } from './import-row.js';
import { openCsv, type CsvRow } from './read-csv.js';
import { copyStaged, type Staged } from './staged-row.store.js';

/** Rows a COPY, and so a transaction: some 30 ms. A long write holds up every probe of the server. */
const CHUNK = 1_000;
/** Rows read between two turns of the event loop: 2 to 4 ms, so that permits and opt-outs are answered meanwhile. */
const ROWS_A_TURN = 50;
type Read = { csv: CsvRow; content: GoodRow | FaultyRow };

/**
 * Takes a file in: row by row, as fast as the database takes them and no faster. Nothing of it is merged before all of
 * it is there, so a file that breaks off, or proves to be none, has changed nothing.
 */
@Injectable()
export class ReceiveImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashes: AddressHashes,
    private readonly worker: ImportWorker,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async receive(tenantId: string, listId: string, body: AsyncIterable<Uint8Array>): Promise<Import> {
    await this.demandList(tenantId, listId);
    const importId = newId();
    // Refused by its first line: there is no import to speak of.
    const { header, rows } = await openCsv(body).catch((error: unknown) => Promise.reject(faultOf(error)));
    await this.begin(tenantId, { importId, listId, header: header.names });
    try {
      await this.stageAll(tenantId, importId, this.chunks(header, rows));
    } catch (error) {
      const fault = faultOf(error);
      const failureReason = isDomainError(fault) ? fault.reason : 'INTERNAL';
      await this.end(tenantId, importId, { state: 'failed', failureReason, finishedAt: this.clock.now() });
      throw fault;
    }
    return this.end(tenantId, importId, { state: 'merging' });
  }

  private demandList(tenantId: string, listId: string): Promise<void> {
    return this.uow.run(tenantId, async (tx) => {
      if (!(await existingLists(tx, [listId])).has(listId)) throw refusal('LIST_NOT_FOUND');
    });
  }

  private begin(tenantId: string, begun: Pick<Import, 'importId' | 'listId' | 'header'>): Promise<void> {
    return this.asImporter(tenantId, async (tx) => {
      await insertImport(tx, begun, this.clock.now());
      // From now on somebody looks after it, should this process die.
      await this.worker.wake(tx, begun.importId);
    });
  }

  private async *chunks(header: Header, rows: AsyncIterable<CsvRow>): AsyncGenerator<Read[]> {
    const now = this.clock.now();
    let chunk: Read[] = [];
    for await (const csv of rows) {
      chunk.push({ csv, content: readRow(header, csv.cells, now) });
      if (chunk.length % ROWS_A_TURN === 0) await turn();
      if (chunk.length === CHUNK) {
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length > 0) yield chunk;
  }

  /** The database takes a chunk while the next one is read: two cores, and a third of the time saved. */
  private async stageAll(tenantId: string, importId: string, chunks: AsyncIterable<Read[]>): Promise<void> {
    let staging = Promise.resolve();
    for await (const chunk of chunks) {
      await staging;
      staging = this.stage(tenantId, importId, chunk);
      // Awaited before the next chunk or below; a failure meanwhile is not unhandled.
      staging.catch(() => undefined);
    }
    await staging;
  }

  private async stage(tenantId: string, importId: string, chunk: readonly Read[]): Promise<void> {
    const staged = await this.staged(tenantId, chunk);
    await this.asImporter(tenantId, async (tx) => {
      const found = await lockImport(tx, importId);
      if (found?.state !== 'receiving') throw refusal('IMPORT_CANCELLED');
      await copyStaged(tx, importId, staged);
      await saveImport(tx, { ...found, rows: found.rows + chunk.length, receivedAt: this.clock.now() });
    });
  }

  private async staged(tenantId: string, chunk: readonly Read[]): Promise<Staged[]> {
    const addresses = chunk.map(({ content }) => addressesIn(content));
    const hashes = (await this.hashes.of(tenantId, addresses.flat())).map((hash) => hash.toString('hex'));
    let next = 0;
    return chunk.map(({ csv, content }, index) =>
      stagedOf(csv, content, hashes.slice(next, (next += addresses[index]!.length))),
    );
  }

  /** The file is received, or nothing more of it will be. Whoever ended the import meanwhile is not overruled. */
  private end(tenantId: string, importId: string, change: Partial<Import>): Promise<Import> {
    return this.asImporter(tenantId, async (tx) => {
      const found = (await lockImport(tx, importId))!;
      const ended = hasEnded(found) ? found : { ...found, ...change };
      await saveImport(tx, ended);
      await this.worker.wake(tx, importId);
      return ended;
    });
  }

  private asImporter<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.uow.run(tenantId, work, { role: 'import', copies: true });
  }
}

function addressesIn(content: GoodRow | FaultyRow): Address[] {
  if ('fault' in content) return content.addresses;
  return [content.email, content.phone].filter((address) => address !== undefined);
}

function stagedOf({ row, line, cells }: CsvRow, content: GoodRow | FaultyRow, hashes: string[]): Staged {
  const common = { row, line, contactId: newId(), hashes, cells };
  if ('fault' in content) {
    const nothing = {
      email: undefined,
      phone: undefined,
      firstName: undefined,
      lastName: undefined,
      country: undefined,
    };
    return { ...common, ...nothing, consents: [], fault: content.fault, faultColumns: content.columns };
  }
  const { email, phone, firstName, lastName, country, consents } = content;
  return {
    ...common,
    email: email && { address: email.address, hash: hashes[0]! },
    phone: phone && { address: phone.address, hash: hashes.at(-1)! },
    ...{ firstName, lastName, country, fault: undefined, faultColumns: [] },
    consents: consents.map((consent) => ({ ...consent, saidAt: consent.saidAt.toISOString() })),
  };
}

/** A sender who went away is no fault of ours. */
function faultOf(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  const brokenOff =
    code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || isDomainError(error, 'BODY_BROKEN_OFF');
  return brokenOff ? refusal('UPLOAD_BROKEN_OFF') : error;
}
