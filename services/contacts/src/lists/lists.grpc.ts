import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { refusal } from '../errors.js';
import { CreateList } from './create-list.js';
import { existingLists, listPage, membersByCountry, type List } from './list.store.js';
import { StreamMembers } from './stream-members.js';

@Controller()
@contactsV1.ListsServiceControllerMethods()
export class ListsGrpc implements Omit<contactsV1.ListsServiceController, 'streamMembers'> {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly creating: CreateList,
    private readonly members: StreamMembers,
  ) {}

  createList(
    @Payload() request: contactsV1.CreateListRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.CreateListResponse> {
    return this.creating.create(caller, request);
  }

  async getList(
    @Payload() { listId }: contactsV1.GetListRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.GetListResponse> {
    const [list] = await this.uow.run(caller.tenantId, (tx) => listPage(tx, { ids: [listId], limit: 1 }));
    if (!list) throw refusal('LIST_NOT_FOUND');
    return { list: messageOf(list) };
  }

  async listLists(
    @Payload() request: contactsV1.ListListsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ListListsResponse> {
    const { rows, nextPageToken } = await this.uow.run(caller.tenantId, (tx) =>
      readPage(request, { of: (list: List) => list.listId }, (after, limit) =>
        listPage(tx, { nameContains: request.nameContains, after, limit }),
      ),
    );
    return { lists: rows.map(messageOf), nextPageToken };
  }

  async countCountries(
    @Payload() { listId }: contactsV1.CountCountriesRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<contactsV1.CountCountriesResponse> {
    return this.uow.run(tenantId, async (tx) => {
      if (!(await existingLists(tx, [listId])).has(listId)) throw refusal('LIST_NOT_FOUND');
      const counted = await membersByCountry(tx, listId);
      return { countries: [...counted].map(([country, contacts]) => ({ country, contacts })) };
    });
  }

  /** An AsyncIterable, not an Observable: the next page is read when the last one has left. */
  streamMembers(
    @Payload() request: contactsV1.StreamMembersRequest,
    @FromCaller() caller: Caller,
  ): AsyncIterable<contactsV1.StreamMembersResponse> {
    return this.members.stream(caller, request);
  }
}

function messageOf({ listId, name, size, createdAt }: List): contactsV1.List {
  return { listId, name, size, createdAt: createdAt.toISOString() };
}
