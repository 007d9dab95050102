import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { ImportWorker } from './import-worker.js';
import { hasEnded, type Import } from './import.js';
import { lockImport, saveImport } from './import.store.js';

/** Stops an import between two batches: the lock waits for the one in hand. Cancelling twice is cancelling. */
@Injectable()
export class CancelImport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly worker: ImportWorker,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async cancel(tenantId: string, importId: string): Promise<Import> {
    return this.uow.run(tenantId, async (tx) => {
      const found = await lockImport(tx, importId);
      if (!found) throw refusal('IMPORT_NOT_FOUND');
      if (found.state === 'cancelled') return found;
      if (hasEnded(found)) throw refusal('IMPORT_ENDED');
      const ended: Import = { ...found, state: 'cancelled', finishedAt: this.clock.now() };
      await saveImport(tx, ended);
      // What is staged is to go.
      await this.worker.wake(tx, importId);
      return ended;
    });
  }
}
