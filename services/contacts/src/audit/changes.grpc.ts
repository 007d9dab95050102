import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { type Change, changesBefore } from './change-entry.store.js';

@Controller()
@contactsV1.ChangesServiceControllerMethods()
export class ChangesGrpc implements contactsV1.ChangesServiceController {
  constructor(private readonly uow: UnitOfWork) {}

  async listChanges(
    @Payload() request: contactsV1.ListChangesRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<contactsV1.ListChangesResponse> {
    const { rows, nextPageToken } = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: (change: Change) => change.entryId }, (after, limit) =>
        changesBefore(tx, after, limit),
      ),
    );
    return { changes: rows.map(messageOf), nextPageToken };
  }
}

function messageOf({ entryId, actorId, action, aboutId, before, after, at }: Change): contactsV1.Change {
  return { entryId, actorId, action, aboutId, before, after, at: at.toISOString() };
}
