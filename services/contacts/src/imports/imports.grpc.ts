import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { timeSpan, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { currentCall, FromCaller, readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { CancelImport } from './cancel-import.js';
import { importMessage, stateOf } from './import-message.js';
import { type Import } from './import.js';
import { importById, importsBefore } from './import.store.js';
import { WatchImport } from './watch-import.js';

@Controller()
@contactsV1.ImportsServiceControllerMethods()
export class ImportsGrpc implements Omit<contactsV1.ImportsServiceController, 'watchImport'> {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly watching: WatchImport,
    private readonly cancelling: CancelImport,
  ) {}

  async getImport(
    @Payload() { importId }: contactsV1.GetImportRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetImportResponse> {
    const found = await this.uow.run(caller.tenantId, (tx) => importById(tx, importId));
    if (!found) throw refusal('IMPORT_NOT_FOUND');
    return { import: importMessage(found) };
  }

  async listImports(
    @Payload() request: contactsV1.ListImportsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ListImportsResponse> {
    const filter = {
      listId: request.listId || undefined,
      state: stateOf(request.state),
      created: timeSpan('created', request.createdAfter, request.createdBefore),
    };
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (found: Import) => found.importId }, (before, limit) =>
        importsBefore(tx, filter, before, limit),
      ),
    );
    return { imports: rows.map(importMessage), nextPageToken };
  }

  async *watchImport(
    @Payload() { importId }: contactsV1.WatchImportRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<contactsV1.WatchImportResponse> {
    const gone = currentCall()?.signal ?? new AbortController().signal;
    for await (const found of this.watching.watch(caller.tenantId, importId, gone)) {
      yield { import: importMessage(found) };
    }
  }

  async cancelImport(
    @Payload() { importId }: contactsV1.CancelImportRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CancelImportResponse> {
    return { import: importMessage(await this.cancelling.cancel(caller.tenantId, importId)) };
  }
}
