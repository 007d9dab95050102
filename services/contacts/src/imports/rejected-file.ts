import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { stringify } from 'csv-stringify/sync';
import { refusal } from '../errors.js';
import { rejectsAfter } from './import-reject.store.js';
import { hasEnded } from './import.js';
import { importById } from './import.store.js';

const PAGE = 1_000;
export const REJECTS_KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The rows that an import refused, as they came, with line, reason and the columns at fault in front: to be mended and
 * imported again as it is, since columns that are not known are not read.
 */
@Injectable()
export class RejectedFile {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws before the first piece where there is no such file. */
  async open(tenantId: string, importId: string): Promise<AsyncGenerator<string>> {
    const found = await this.uow.run(tenantId, (tx) => importById(tx, importId));
    if (!found) throw refusal('IMPORT_NOT_FOUND');
    if (!hasEnded(found)) throw refusal('IMPORT_RUNNING');
    const expiry = this.clock.now().getTime() - REJECTS_KEPT_MS;
    if ((found.finishedAt?.getTime() ?? 0) < expiry) throw refusal('REJECTS_EXPIRED');
    return this.write(tenantId, importId, found.header);
  }

  private async *write(tenantId: string, importId: string, header: string[]): AsyncGenerator<string> {
    yield stringify([['rejected_line', 'rejected_reason', 'rejected_columns', ...header]]);
    let after = 0;
    for (;;) {
      const rejects = await this.uow.run(tenantId, (tx) => rejectsAfter(tx, importId, after, PAGE));
      if (rejects.length === 0) return;
      yield stringify(
        rejects.map(({ line, reason, columns, cells }) => [line, reason, columns.join(' '), ...cells]),
      );
      after = rejects.at(-1)!.row;
    }
  }
}
