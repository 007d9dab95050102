import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { contactsV1, typesV1 } from '@heed/contracts';
import { DomainError, newId, SigningKey } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { RpcClients, ServiceTokenMint } from '../src/index.js';
import { optOut } from './consent-controller.js';
import { refusal, serve, type Served } from './server.js';

const { ConsentServiceService, PermitsServiceService } = contactsV1;
const tenantId = newId();

/** Unavailable at first, as a service that restarts is. */
@Controller()
class FlakyController {
  static failures = 0;
  static calls: string[] = [];

  @GrpcMethod('ConsentService', 'RecordOptOut')
  async recordOptOut(): Promise<contactsV1.RecordOptOutResponse> {
    FlakyController.answerTo('RecordOptOut');
    return { entry: undefined, effect: 1, effectiveAt: '' };
  }

  @GrpcMethod('PermitsService', 'BatchIssuePermits')
  async issue(): Promise<contactsV1.BatchIssuePermitsResponse> {
    FlakyController.answerTo('BatchIssuePermits');
    return { answers: [], root: Buffer.alloc(0), signature: Buffer.alloc(0), keyId: '', treeSize: 0 };
  }

  private static answerTo(method: string): void {
    this.calls.push(method);
    if (this.failures-- > 0) throw new DomainError('DATABASE_UNAVAILABLE', 'unavailable');
  }
}

describe('a call to a service that is unavailable for a moment', () => {
  const clock = new TestClock();
  const open: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const { stop } of open.splice(0)) await stop();
  });
  async function flaky(failures: number): Promise<Served> {
    FlakyController.failures = failures;
    FlakyController.calls = [];
    const served = await serve({
      controllers: [FlakyController],
      services: [ConsentServiceService, PermitsServiceService],
      clock,
    });
    open.push(served);
    return served;
  }
  function clientsOf(served: Served): RpcClients {
    const clients = served.clientsOf('messaging');
    open.unshift({ stop: async () => clients.close() });
    return clients;
  }
  const ask: contactsV1.PermitAsk = {
    attemptId: newId(),
    nonce: Buffer.alloc(16, 1),
    contactId: newId(),
    channel: typesV1.Channel.CHANNEL_EMAIL,
    purpose: 'newsletter',
    sender: '',
    templateFields: [],
    tracking: false,
  };

  it('is repeated where its rule says that it may be', async () => {
    const clients = clientsOf(await flaky(2));
    await clients.of(ConsentServiceService, 'contacts').recordOptOut(optOut(), { tenantId });
    expect(FlakyController.calls).toHaveLength(3);
  });

  it('fails in the end, with the reason of the callee', async () => {
    const clients = clientsOf(await flaky(10));
    const call = clients.of(ConsentServiceService, 'contacts').recordOptOut(optOut(), { tenantId });
    expect(await refusal(call)).toMatchObject({ kind: 'unavailable', reason: 'DATABASE_UNAVAILABLE' });
    expect(FlakyController.calls).toHaveLength(4);
  });

  it('2.9 is never repeated for permits', async () => {
    const clients = clientsOf(await flaky(1));
    const call = clients
      .of(PermitsServiceService, 'contacts')
      .batchIssuePermits({ asks: [ask] }, { tenantId });
    expect(await refusal(call)).toMatchObject({ kind: 'unavailable' });
    expect(FlakyController.calls).toHaveLength(1);
  });

  it('ends at its deadline, however many tries are left', async () => {
    const clients = new RpcClients({
      targetOf: () => 'dns:///127.0.0.1:1',
      mint: new ServiceTokenMint('messaging', SigningKey.generate(), clock),
      clock,
    });
    open.push({ stop: async () => clients.close() });
    const call = clients
      .of(ConsentServiceService, 'contacts')
      .recordOptOut(optOut(), { tenantId, timeoutMs: 1_000 });
    expect(await refusal(call)).toMatchObject({
      kind: expect.stringMatching(/^(unavailable|deadline-exceeded)$/),
    });
  });

  it('goes to all addresses of a service in turn', async () => {
    const [one, two] = [await flaky(0), await flaky(0)];
    const clients = new RpcClients({
      targetOf: () => `ipv4:${one.address},${two.address}`,
      mint: new ServiceTokenMint('messaging', one.keys['messaging']!, clock),
      clock,
    });
    open.unshift({ stop: async () => clients.close() });
    // Only one of the two knows the key: which of them answered shows in whether the caller is recognised.
    const answered = new Set<string>();
    while (answered.size < 2) {
      const call = clients.of(ConsentServiceService, 'contacts').recordOptOut(optOut(), { tenantId });
      answered.add(
        await call.then(
          () => 'one',
          () => 'two',
        ),
      );
    }
    expect(answered).toEqual(new Set(['one', 'two']));
  });
});
