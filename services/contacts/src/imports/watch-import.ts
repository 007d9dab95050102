import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { hasEnded, type Import } from './import.js';
import { importById } from './import.store.js';

const LOOK_MS = 200;

/** An import whenever it has changed, until it has ended. */
@Injectable()
export class WatchImport {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *watch(tenantId: string, importId: string, signal: AbortSignal): AsyncGenerator<Import> {
    let last = '';
    for (;;) {
      const found = await this.uow.run(tenantId, (tx) => importById(tx, importId));
      if (!found) throw refusal('IMPORT_NOT_FOUND');
      const now = `${found.state} ${found.rows} ${found.mergedThrough}`;
      if (now !== last) yield found;
      if (hasEnded(found)) return;
      last = now;
      await this.clock.wait(LOOK_MS, signal);
    }
  }
}
