import { Injectable } from '@nestjs/common';
import { type contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { refusal } from '../errors.js';
import { existingLists, memberIds } from './list.store.js';

const PAGE = 1_000;

/**
 * Ids of a list in their order, in pages of one transaction each: no snapshot is held open while a reader takes its
 * time, and one that breaks off goes on behind the last id it has. Whoever joins behind that id meanwhile is in.
 */
@Injectable()
export class StreamMembers {
  constructor(private readonly uow: UnitOfWork) {}

  async *stream(
    { tenantId }: Caller,
    { listId, afterContactId, limit }: contactsV1.StreamMembersRequest,
  ): AsyncGenerator<contactsV1.StreamMembersResponse> {
    const known = await this.uow.run(tenantId, (tx) => existingLists(tx, [listId]));
    if (!known.has(listId)) throw refusal('LIST_NOT_FOUND');
    let after = afterContactId || undefined;
    let left = limit > 0n ? Number(limit) : Infinity;
    while (left > 0) {
      const size = Math.min(PAGE, left);
      const contactIds = await this.uow.run(tenantId, (tx) => memberIds(tx, listId, after, size));
      if (contactIds.length > 0) yield { contactIds };
      if (contactIds.length < size) return;
      after = contactIds.at(-1);
      left -= contactIds.length;
    }
  }
}
