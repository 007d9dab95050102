import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { requestById } from '../requests/request.store.js';
import { SealedChunks } from './sealed-chunks.js';

/** Hands a package out. That it was read, and by whom, is committed before the first byte leaves. */
@Injectable()
export class StreamPackage {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly chunks: SealedChunks,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *stream(caller: Caller, requestId: string): AsyncGenerator<{ name: string; chunk: Buffer }> {
    const { tenantId, actorId, method: action } = caller;
    await this.uow.run(tenantId, async (tx) => {
      const request = await requestById(tx, requestId);
      if (!request) throw refusal('REQUEST_NOT_FOUND');
      if (request.state !== 'COMPLETED') throw refusal('REQUEST_NOT_COMPLETED');
      const { subjectId } = request;
      await this.audit.recordIn(tx, [
        { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
      ]);
    });
    let isThere = false;
    for await (const piece of this.chunks.read(tenantId, requestId)) {
      isThere = true;
      yield piece;
    }
    if (!isThere) throw refusal('PACKAGE_NOT_FOUND');
  }
}
