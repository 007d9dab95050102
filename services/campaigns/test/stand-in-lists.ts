import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';

type GetList = ServerUnaryCall<contactsV1.GetListRequest, contactsV1.GetListResponse>;
type StreamMembers = ServerWritableStream<contactsV1.StreamMembersRequest, contactsV1.StreamMembersResponse>;

/** The lists of contacts over real gRPC, where a spec starts campaigns without contacts. It keeps no tokens to account. */
export class StandInLists {
  private readonly lists = new Map<string, string[]>();
  private readonly server = new Server();
  /** Called before each batch of a stream: to hold it, to break it off. */
  beforeBatch: (batch: number) => Promise<void> | void = () => undefined;
  readonly asked: contactsV1.StreamMembersRequest[] = [];

  async start(): Promise<string> {
    this.server.addService(contactsV1.ListsServiceService, {
      getList: (call: GetList, reply: sendUnaryData<contactsV1.GetListResponse>) => {
        const members = this.lists.get(call.request.listId);
        if (!members) return reply({ code: status.NOT_FOUND, details: 'no such list' });
        reply(null, {
          list: contactsV1.List.fromPartial({ listId: call.request.listId, name: 'everybody' }),
        });
      },
      countCountries: (_: unknown, reply: sendUnaryData<contactsV1.CountCountriesResponse>) =>
        reply(null, { countries: [] }),
      streamMembers: (call: StreamMembers) => void this.stream(call).catch(() => call.destroy()),
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `dns:///127.0.0.1:${port}`;
  }

  /** A list of so many contacts, in order of id. */
  add(size: number): { listId: string; members: string[] } {
    const listId = newId();
    const members = Array.from({ length: size }, () => newId()).sort();
    this.lists.set(listId, members);
    return { listId, members };
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private async stream(call: StreamMembers): Promise<void> {
    const { listId, afterContactId, limit } = call.request;
    this.asked.push(call.request);
    const members = (this.lists.get(listId) ?? []).filter((id) => id > afterContactId);
    const wanted = limit === 0n ? members : members.slice(0, Number(limit));
    for (let from = 0; from < wanted.length && !call.cancelled; from += 500) {
      await this.beforeBatch(from / 500);
      call.write({ contactIds: wanted.slice(from, from + 500) });
    }
    call.end();
  }
}
