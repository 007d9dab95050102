import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { GrpcStreamMethod, Payload } from '@nestjs/microservices';
import { contactsV1, typesV1 } from '@heed/contracts';
import { DomainError, newId } from '@heed/kernel';
import { deferred, TestClock } from '@heed/testing';
import { currentCall } from '../src/index.js';
import { refusal, serve, type Served } from './server.js';

const { PermitsServiceService } = contactsV1;
const tenantId = newId();

type Request = contactsV1.StreamPermitsRequest;
type Response = contactsV1.StreamPermitsResponse;

/** Answers each ask with its attempt, until a spec lets it do something else. */
@Controller()
class EchoController {
  static calls = 0;
  static onAsk: (request: Request) => void = () => undefined;
  static ended = deferred<string>();

  @GrpcStreamMethod('PermitsService', 'StreamPermits')
  async *streamPermits(@Payload() requests: AsyncIterable<Request>): AsyncIterable<Response> {
    EchoController.calls += 1;
    let end = 'left';
    try {
      for await (const request of requests) {
        EchoController.onAsk(request);
        const answer = { attemptId: request.ask!.attemptId, answer: undefined };
        yield { answer, root: Buffer.alloc(0), signature: Buffer.alloc(0), keyId: '' };
      }
      end = 'over';
    } catch (error) {
      end = (error as DomainError).reason;
      throw error;
    } finally {
      EchoController.ended.resolve(currentCall()?.signal.aborted ? 'aborted' : end);
    }
  }
}

describe('a stream both ways', () => {
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const { stop } of open.splice(0)) await stop();
  });

  async function client() {
    EchoController.calls = 0;
    EchoController.onAsk = () => undefined;
    EchoController.ended = deferred();
    const served: Served = await serve({
      controllers: [EchoController],
      services: [PermitsServiceService],
      clock: new TestClock(),
    });
    const clients = served.clientsOf('messaging');
    open.push({ stop: async () => clients.close() }, served);
    return clients.of(PermitsServiceService, 'contacts');
  }

  function request(change: Partial<contactsV1.PermitAsk> = {}): Request {
    const ask = {
      ...{ attemptId: newId(), contactId: newId(), purpose: 'news', sender: '' },
      nonce: Buffer.alloc(16, 1),
    };
    return {
      ask: { ...ask, channel: typesV1.Channel.CHANNEL_EMAIL, templateFields: [], tracking: false, ...change },
      usableMs: 1_000,
    };
  }

  async function* each<T>(items: Iterable<T>): AsyncIterable<T> {
    yield* items;
  }

  async function idsOf(answers: AsyncIterable<Response>): Promise<string[]> {
    const ids: string[] = [];
    for await (const { answer } of answers) ids.push(answer!.attemptId);
    return ids;
  }

  it('answers while it is being asked, each in turn, and ends when both have', async () => {
    const permits = await client();
    const asks = Array.from({ length: 100 }, () => request());
    const answered = deferred();
    async function* asking(): AsyncIterable<Request> {
      yield asks[0]!;
      await answered.promise;
      yield* asks.slice(1);
    }
    EchoController.onAsk = () => answered.resolve();
    const ids = await idsOf(permits.streamPermits(asking(), { tenantId }));
    expect(ids).toEqual(asks.map(({ ask }) => ask!.attemptId));
    expect(await EchoController.ended.promise).toBe('over');
  });

  it('holds each message to its contract, and ends at the first that breaks it', async () => {
    const permits = await client();
    const asks = [request(), request({ contactId: 'nobody' }), request()];
    expect(await refusal(idsOf(permits.streamPermits(each(asks), { tenantId })))).toMatchObject({
      kind: 'invalid-argument',
      reason: 'INVALID_ARGUMENT',
    });
    expect(await EchoController.ended.promise).toBe('INVALID_ARGUMENT');
  });

  it('is not served to whom its rule does not let in', async () => {
    const permits = await client();
    const served = open[1] as Served;
    const stranger = served.clientsOf('campaigns');
    open.unshift({ stop: async () => stranger.close() });
    const refused = stranger
      .of(PermitsServiceService, 'contacts')
      .streamPermits(each([request()]), { tenantId });
    expect(await refusal(idsOf(refused))).toMatchObject({ reason: 'SERVICE_CALL_REFUSED' });
    expect(await idsOf(permits.streamPermits(each([]), { tenantId }))).toEqual([]);
    expect(EchoController.calls).toBe(1);
  });

  it('2.9 is never begun again: not where it fails at once, and not where it breaks off', async () => {
    const permits = await client();
    let asks = 0;
    EchoController.onAsk = () => {
      if ((asks += 1) > 1) throw new DomainError('DATABASE_UNAVAILABLE', 'unavailable');
    };
    const answers: string[] = [];
    const all = (async () => {
      for await (const { answer } of permits.streamPermits(each([request(), request()]), { tenantId })) {
        answers.push(answer!.attemptId);
      }
    })();
    expect(await refusal(all)).toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
    const atOnce = idsOf(permits.streamPermits(each([request()]), { tenantId }));
    expect(await refusal(atOnce)).toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
    expect(answers).toHaveLength(1);
    expect(EchoController.calls).toBe(2);
    expect(asks).toBe(3);
  });

  it('ends on both sides where the loop over its answers is left', async () => {
    const permits = await client();
    const left = deferred();
    async function* endless(): AsyncIterable<Request> {
      try {
        for (;;) yield request();
      } finally {
        left.resolve();
      }
    }
    for await (const { answer } of permits.streamPermits(endless(), { tenantId })) {
      expect(answer).toBeDefined();
      break;
    }
    // Each says so by itself; without that this waits until the runner gives up.
    await left.promise;
    await EchoController.ended.promise;
  });
});
