import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, credentials, Metadata, type ServiceError, status as Status } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { DomainError, newId } from '@heed/kernel';
import { currentTraceparent, withSpan } from '@heed/telemetry';
import { deferred, TestClock } from '@heed/testing';
import {
  currentCall,
  fromServiceError,
  memberClient,
  type MemberClient,
  RpcClients,
  ServiceTokenMint,
} from '../src/index.js';
import { ConsentController, optOut } from './consent-controller.js';
import { refusal, serve, type Served } from './server.js';

const { ConsentServiceService, ImportsServiceService, ListsServiceService } = contactsV1;
const contactId = newId();

@Controller()
class MembersController {
  static batches: (signal: AbortSignal) => AsyncGenerator<contactsV1.StreamMembersResponse>;

  @GrpcMethod('ListsService', 'StreamMembers')
  streamMembers(): AsyncIterable<contactsV1.StreamMembersResponse> {
    return MembersController.batches(currentCall()!.signal);
  }
}

describe('a call', () => {
  const clock = new TestClock();
  let served: Served;
  let client: MemberClient;
  let services: RpcClients;
  beforeAll(async () => {
    served = await serve({
      controllers: [ConsentController, MembersController],
      services: [ConsentServiceService, ListsServiceService, ImportsServiceService],
      clock,
    });
    const roles = ['agent', 'campaign_manager'];
    const token = await served.issuer.token({ roles });
    client = memberClient({ target: served.address, token, clock });
    services = served.clientsOf('campaigns');
  });
  afterAll(async () => {
    client.close();
    services.close();
    await served.stop();
  });
  beforeEach(() => {
    ConsentController.reset();
    served.lines.length = 0;
  });
  const consent = () => client.of(ConsentServiceService);
  const members = (options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    services
      .of(ListsServiceService, 'contacts')
      .streamMembers({ listId: newId(), afterContactId: '', limit: 0n }, { tenantId: newId(), ...options });

  /** grpc-js without our client, as any other language would call. */
  async function raw(path: string, bytes: Buffer, token?: string): Promise<ServiceError> {
    const transport = new Client(served.address, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token ?? (await served.issuer.token())}`);
    try {
      return await new Promise((resolve) => {
        transport.makeUnaryRequest(
          ...[path, (value: Buffer) => value, (value: Buffer) => value, bytes, metadata],
          (error: ServiceError | null) => resolve(error!),
        );
      });
    } finally {
      transport.close();
    }
  }

  it('answers with what the handler answers', async () => {
    expect(await consent().recordOptOut(optOut())).toMatchObject({ effectiveAt: '2026-11-23T09:00:00Z' });
  });

  it('ends with the refusal of the handler, whole', async () => {
    const refused = new DomainError('CONTACT_NOT_FOUND', 'not-found', {
      message: 'no such contact in this tenant',
      metadata: { contact_id: contactId },
      violations: [{ field: 'contact_id', reason: 'UNKNOWN' }],
    });
    ConsentController.answer = () => Promise.reject(refused);
    expect(await refusal(consent().recordOptOut(optOut()))).toMatchObject({
      reason: 'CONTACT_NOT_FOUND',
      kind: 'not-found',
      message: 'no such contact in this tenant',
      metadata: { contact_id: contactId, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      violations: [{ field: 'contact_id', reason: 'UNKNOWN' }],
    });
  });

  it('says nothing of an error that was not meant for the caller, and logs it reduced', async () => {
    const leak = Object.assign(new Error('Key (email)=(jane@example.org) already exists.'), {
      code: '23505',
      severity: 'ERROR',
      detail: 'jane@example.org',
    });
    ConsentController.answer = () => Promise.reject(leak);
    const error = await refusal(consent().recordOptOut(optOut()));
    expect(error).toMatchObject({ reason: 'INTERNAL', kind: 'internal', message: 'internal error' });
    expect(JSON.stringify([error, served.lines])).not.toContain('jane');
    expect(JSON.parse(served.lines[0]!)).toMatchObject({ level: 'error', error: { sqlstate: '23505' } });
  });

  it('names every field that breaks the contract, without the value, to those alone who may call', async () => {
    const broken = optOut({
      contactId: 'jane@example.org',
      source: 99 as contactsV1.ConsentSource,
      purpose: 'No Such Purpose',
    });
    const error = await refusal(consent().recordOptOut(broken));
    expect(error).toMatchObject({
      kind: 'invalid-argument',
      violations: [
        { field: 'contact_id', reason: 'NOT_A_UUID' },
        { field: 'purpose', reason: 'PATTERN' },
        { field: 'source', reason: 'UNKNOWN_VALUE' },
      ],
    });
    expect(JSON.stringify(error)).not.toContain('jane');
    const stranger = memberClient({ target: served.address, token: 'nonsense', clock });
    const refused = await refusal(stranger.of(ConsentServiceService).recordOptOut(broken));
    stranger.close();
    expect(refused).toMatchObject({ reason: 'TOKEN_INVALID', violations: [] });
  });

  it('is refused with a reason when its bytes are no message', async () => {
    const error = await raw('/heed.contacts.v1.ConsentService/RecordOptOut', Buffer.from([0xff, 0xff, 0xff]));
    expect(error.code).toBe(Status.INVALID_ARGUMENT);
    expect(ConsentController.callers).toEqual([]);
  });

  it('is refused when it is too large', async () => {
    const error = await raw('/heed.contacts.v1.ConsentService/RecordOptOut', Buffer.alloc(5 * 1024 * 1024));
    expect(error.code).toBe(Status.RESOURCE_EXHAUSTED);
  });

  it('of an RPC that is in the contract and not built yet is UNIMPLEMENTED', async () => {
    const imports = client.of(ImportsServiceService);
    expect(await refusal(imports.getImport({ importId: newId() }))).toMatchObject({
      kind: 'unimplemented',
      reason: 'RPC_NOT_BUILT',
    });
  });

  it('has a deadline: a member who set none gets 30 s', async () => {
    const encoded = Buffer.from(contactsV1.RecordOptOutRequest.encode(optOut()).finish());
    expect(await raw('/heed.contacts.v1.ConsentService/RecordOptOut', encoded)).toBeNull();
    expect(ConsentController.callers[0]!.deadline.getTime() - clock.now().getTime()).toBe(30_000);
  });

  it('of a service that set no deadline is refused: it would wait for ever, and its callers with it', async () => {
    const mint = new ServiceTokenMint('messaging', served.keys['messaging']!, clock);
    const token = await mint.tokenFor('contacts', newId());
    const encoded = Buffer.from(contactsV1.RecordOptOutRequest.encode(optOut()).finish());
    const error = await raw('/heed.contacts.v1.ConsentService/RecordOptOut', encoded, token);
    expect(fromServiceError(error)).toMatchObject({ kind: 'invalid-argument', reason: 'DEADLINE_REQUIRED' });
  });

  it('ends when its time is over, and the handler hears of it', async () => {
    const stopped = deferred<unknown>();
    let came = false;
    ConsentController.answer = () =>
      new Promise(() => {
        came = true;
        const { signal } = currentCall()!;
        if (signal.aborted) stopped.resolve(signal.reason);
        else signal.addEventListener('abort', () => stopped.resolve(signal.reason));
      });
    // On a slow machine the time may be over before the call has come to its handler.
    for (let timeoutMs = 100; !came; timeoutMs *= 2) {
      const error = await refusal(consent().recordOptOut(optOut(), { timeoutMs }));
      expect(error).toMatchObject({ kind: 'deadline-exceeded' });
    }
    expect(await stopped.promise).toMatchObject({ kind: expect.stringMatching(/deadline-exceeded|aborted/) });
  });

  it('binds the calls that are made within it to its own deadline', async () => {
    const inner: number[] = [];
    const token = await served.issuer.token();
    const nested = memberClient({ target: served.address, token, clock });
    ConsentController.getConsentAnswer = async (caller) => {
      inner.push(caller.deadline.getTime() - clock.now().getTime());
      return { statuses: [], stopped: false };
    };
    ConsentController.answer = async () => {
      await nested.of(ConsentServiceService).getConsent({ contactId }, { timeoutMs: 60_000 });
      return { entry: undefined, effect: 1, effectiveAt: '' };
    };
    await consent().recordOptOut(optOut(), { timeoutMs: 20_000 });
    nested.close();
    expect(inner[0]).toBeGreaterThan(0);
    expect(inner[0]).toBeLessThanOrEqual(20_000);
  });

  it('leaves what it started behind to its own time', async () => {
    const left = deferred<unknown>();
    const door = deferred();
    ConsentController.answer = async () => {
      void door.promise.then(() => left.resolve(currentCall()));
      return { entry: undefined, effect: 1, effectiveAt: '' };
    };
    await consent().recordOptOut(optOut());
    door.resolve();
    expect(await left.promise).toBeUndefined();
  });

  it('belongs to the trace of its caller', async () => {
    const traces: (string | undefined)[] = [];
    ConsentController.answer = async () => {
      traces.push(currentTraceparent());
      return { entry: undefined, effect: 1, effectiveAt: '' };
    };
    await withSpan('outer', {}, async () => {
      traces.push(currentTraceparent());
      await consent().recordOptOut(optOut());
    });
    const [outer, inner] = traces.map((traceparent) => traceparent!.split('-'));
    expect(inner![1]).toBe(outer![1]);
    expect(inner![2]).not.toBe(outer![2]);
  });

  describe('that streams', () => {
    const batch = (n: number): contactsV1.StreamMembersResponse => ({ contactIds: [String(n)] });

    it('brings every message in order, and then ends', async () => {
      MembersController.batches = async function* () {
        for (let n = 0; n < 50; n++) yield batch(n);
      };
      const received: string[] = [];
      for await (const { contactIds } of members()) received.push(...contactIds);
      expect(received).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
    });

    it('ends with the refusal of a handler that fails halfway', async () => {
      MembersController.batches = async function* () {
        yield batch(1);
        throw new DomainError('LIST_NOT_FOUND', 'not-found');
      };
      const received: string[] = [];
      const reading = (async () => {
        for await (const { contactIds } of members()) received.push(...contactIds);
      })();
      expect(await refusal(reading)).toMatchObject({ reason: 'LIST_NOT_FOUND', kind: 'not-found' });
      expect(received).toEqual(['1']);
    });

    it('tells its handler when the reader leaves', async () => {
      const stopped = deferred();
      MembersController.batches = async function* (signal) {
        signal.addEventListener('abort', () => stopped.resolve());
        for (let n = 0; ; n++) yield batch(n);
      };
      const reader = members()[Symbol.asyncIterator]();
      await reader.next();
      await reader.return?.();
      await stopped.promise;
    });

    it('asks its handler for no more than the reader takes', async () => {
      let made = 0;
      const large = { contactIds: Array.from({ length: 1000 }, () => newId()) };
      MembersController.batches = async function* () {
        for (made = 0; made < 2_000; made++) yield large;
      };
      const reader = members()[Symbol.asyncIterator]();
      await reader.next();
      // 2,000 batches are 76 MB; what fits the windows of HTTP/2 is far less. Other calls on the way give the producer
      // all the turns that it could want.
      for (let turns = 0; turns < 50; turns++) await consent().getConsent({ contactId });
      expect(made).toBeLessThan(500);
      await reader.return?.();
    });

    it('ends when the server drains', async () => {
      const other = await serve({ controllers: [MembersController], services: [ListsServiceService], clock });
      MembersController.batches = async function* () {
        yield batch(1);
        await new Promise(() => undefined);
      };
      const clients = other.clientsOf('campaigns');
      const stream = clients
        .of(ListsServiceService, 'contacts')
        .streamMembers({ listId: newId(), afterContactId: '', limit: 0n }, { tenantId: newId() });
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      const end = refusal(reader.next());
      await other.stop();
      clients.close();
      expect(await end).toMatchObject({ reason: 'DRAINING', kind: 'unavailable' });
    });
  });
});
