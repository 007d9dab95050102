import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { insertList } from './list.store.js';

@Injectable()
export class CreateList {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(
    caller: Caller,
    request: contactsV1.CreateListRequest,
  ): Promise<contactsV1.CreateListResponse> {
    const name = request.name.normalize('NFC').trim();
    if (name === '' || /\p{Cc}/u.test(name)) throw invalidArgument({ field: 'name', reason: 'NOT_A_NAME' });
    const content = contactsV1.CreateListRequest.encode(request).finish();
    const { tenantId } = caller;
    return this.uow.run(tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, content, contactsV1.CreateListResponse, async () => {
        const at = this.clock.now();
        const listId = newId();
        await insertList(tx, { listId, name }, at);
        return { list: { listId, name, size: 0n, createdAt: at.toISOString() } };
      }),
    );
  }
}
