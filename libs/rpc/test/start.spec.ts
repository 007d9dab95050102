import { describe, expect, it } from '@jest/globals';
import { Client, credentials, type ServiceDefinition } from '@grpc/grpc-js';
import { contactsV1, rpcRules } from '@heed/contracts';
import { TestClock } from '@heed/testing';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthService,
} from '../src/wire/grpc/health/v1/health.js';
import {
  ServerReflectionService,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from '../src/wire/grpc/reflection/v1/reflection.js';
import { ConsentController } from './consent-controller.js';
import { refusal, serve, type Served } from './server.js';

const { ConsentServiceService } = contactsV1;
const clock = new TestClock();
const start = (services: ServiceDefinition[]) => serve({ controllers: [ConsentController], services, clock });

async function withTransport<T>(served: Served, work: (transport: Client) => Promise<T>): Promise<T> {
  const transport = new Client(served.address, credentials.createInsecure());
  try {
    return await work(transport);
  } finally {
    transport.close();
    await served.stop();
  }
}

describe('a server', () => {
  it('refuses to start with an RPC that nobody said who may call', async () => {
    const { getConsent } = ConsentServiceService;
    const unruled = { getConsent: { ...getConsent, path: '/heed.contacts.v1.ConsentService/Whatever' } };
    const error = await refusal(start([unruled as ServiceDefinition]));
    expect(error.reason).toBe('RPC_WITHOUT_RULE');
    expect(error.message).toContain('/heed.contacts.v1.ConsentService/Whatever');
  });

  it('has a rule for every RPC of the contracts', () => {
    for (const { path } of Object.values(ConsentServiceService)) expect(rpcRules[path]).toBeDefined();
  });

  it('says whether it takes calls, and says it again when that changes', async () => {
    const served = await start([ConsentServiceService]);
    await withTransport(served, async (transport) => {
      const { check, watch } = HealthService;
      const ask = (service: string) =>
        new Promise<unknown>((resolve) =>
          transport.makeUnaryRequest(
            ...[check.path, check.requestSerialize, check.responseDeserialize, { service }],
            (error, answer) => resolve(error?.code ?? answer?.status),
          ),
        );
      const stream = transport.makeServerStreamRequest(
        ...[watch.path, watch.requestSerialize, watch.responseDeserialize, { service: '' }],
      );
      const reader = stream[Symbol.asyncIterator]() as AsyncIterator<{ status: ServingStatus }>;
      const next = async () => ((await reader.next()).value as { status: ServingStatus }).status;
      expect(await next()).toBe(ServingStatus.NOT_SERVING);
      served.health.set(true);
      expect(await next()).toBe(ServingStatus.SERVING);
      expect(await ask('heed.contacts.v1.ConsentService')).toBe(ServingStatus.SERVING);
      expect(await ask('heed.contacts.v1.Nothing')).toBe(5);
      // A server that closes lets its watchers go, instead of waiting for them.
      await served.server.close();
      expect(await reader.next()).toMatchObject({ done: true });
    });
  });

  it('describes itself with the bytes that the compiler wrote (reflection, both versions)', async () => {
    const served = await start([ConsentServiceService]);
    await withTransport(served, async (transport) => {
      for (const version of ['v1', 'v1alpha']) {
        const answers = await reflect(transport, version, [
          { $case: 'listServices', value: '' },
          { $case: 'fileContainingSymbol', value: 'heed.contacts.v1.ConsentService.RecordOptOut' },
          { $case: 'fileContainingSymbol', value: 'heed.contacts.v1.CONSENT_SOURCE_AGENT' },
          { $case: 'fileContainingSymbol', value: 'grpc.health.v1.Health' },
          { $case: 'fileByFilename', value: 'heed/contacts/v1/consent.proto' },
          { $case: 'fileContainingSymbol', value: 'heed.contacts.v1.Nothing' },
        ]);
        expect(answers.map((answer) => answer?.$case)).toEqual([
          'listServicesResponse',
          'fileDescriptorResponse',
          'fileDescriptorResponse',
          'fileDescriptorResponse',
          'fileDescriptorResponse',
          'errorResponse',
        ]);
        expect(answers[0]?.value).toMatchObject({
          service: expect.arrayContaining([{ name: 'heed.contacts.v1.ConsentService' }]),
        });
      }
    });
  });
});

async function reflect(
  transport: Client,
  version: string,
  questions: NonNullable<ServerReflectionRequest['messageRequest']>[],
): Promise<ServerReflectionResponse['messageResponse'][]> {
  const { path, requestSerialize, responseDeserialize } = ServerReflectionService.serverReflectionInfo;
  const call = transport.makeBidiStreamRequest(
    ...[path.replace('.v1.', `.${version}.`), requestSerialize, responseDeserialize],
  );
  for (const messageRequest of questions) call.write({ host: '', messageRequest });
  call.end();
  const answers: ServerReflectionResponse['messageResponse'][] = [];
  for await (const answer of call) answers.push((answer as ServerReflectionResponse).messageResponse);
  return answers;
}
