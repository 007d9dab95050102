import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { newId, NIL_UUID, SigningKey } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { memberClient } from '../src/index.js';
import { ConsentController, optOut } from './consent-controller.js';
import { refusal, serve, type Served } from './server.js';

const { ConsentServiceService } = contactsV1;

describe('who may call', () => {
  const clock = new TestClock();
  let served: Served;
  beforeAll(async () => {
    served = await serve({ controllers: [ConsentController], services: [ConsentServiceService], clock });
  });
  afterAll(() => served.stop());
  beforeEach(() => ConsentController.reset());

  async function asMember<T>(
    token: string | undefined,
    call: (c: ReturnType<typeof clientWith>) => Promise<T>,
  ) {
    const [client, close] = [clientWith(token), () => clients.splice(0).forEach((c) => c.close())];
    return call(client).finally(close);
  }
  const clients: { close(): void }[] = [];
  function clientWith(token: string | undefined) {
    const client = memberClient({ target: served.address, token, clock });
    clients.push(client);
    return client.of(ConsentServiceService);
  }
  const optOutWith = (token: string | undefined) =>
    asMember(token, (client) => client.recordOptOut(optOut()));

  it('a member with the permission may, and is known by the token alone', async () => {
    await optOutWith(await served.issuer.token({ roles: ['agent'] }));
    expect(ConsentController.callers).toEqual([
      expect.objectContaining({
        kind: 'member',
        tenantId: served.issuer.tenantId,
        actorId: served.issuer.memberId,
        requestId: optOut().requestId,
        method: '/heed.contacts.v1.ConsentService/RecordOptOut',
      }),
    ]);
    expect(ConsentController.callers[0]!.permissions.has('consent.opt_out')).toBe(true);
  });

  it('a member without the permission may not, and is told which one is missing', async () => {
    const error = await refusal(optOutWith(await served.issuer.token({ roles: ['auditor'] })));
    expect(error).toMatchObject({
      kind: 'permission-denied',
      reason: 'PERMISSION_MISSING',
      metadata: { permission: 'consent.opt_out' },
    });
    expect(ConsentController.callers).toEqual([]);
  });

  it('nobody may without a token', async () => {
    expect(await refusal(optOutWith(undefined))).toMatchObject({
      kind: 'unauthenticated',
      reason: 'TOKEN_MISSING',
    });
  });

  it('a token works until it expires', async () => {
    const token = await served.issuer.token({ lifetimeSeconds: 60 });
    await optOutWith(token);
    await clock.advance(66_000);
    expect(await refusal(optOutWith(token))).toMatchObject({
      kind: 'unauthenticated',
      reason: 'TOKEN_EXPIRED',
    });
  });

  it.each([
    [
      'signed by a key that identity does not publish',
      () => served.issuer.token({ key: SigningKey.generate() }),
    ],
    [
      'signed by another key under a published id',
      () => served.issuer.token({ key: SigningKey.generate(), kid: served.issuer.key.keyId }),
    ],
    ['from another issuer', () => served.issuer.token({ iss: 'heed.elsewhere' })],
    ['for another audience', () => served.issuer.token({ aud: 'elsewhere' })],
    ['of a service, made by a member', () => served.issuer.token({ iss: 'messaging', aud: 'contacts' })],
    ['of no known kind', () => served.issuer.token({ kind: 'root' })],
    ['without a tenant', () => served.issuer.token({ tid: undefined })],
    ['of the tenant that nobody has', () => served.issuer.token({ tid: NIL_UUID })],
    ['for nobody', () => served.issuer.token({ sub: 'admin' })],
    ['that is no token', async () => 'abc.def.ghi'],
    [
      'with another content under the same signature',
      async () => {
        const [header, payload, signature] = (await served.issuer.token()).split('.') as [
          string,
          string,
          string,
        ];
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
        const forged = Buffer.from(JSON.stringify({ ...claims, tid: newId() })).toString('base64url');
        return `${header}.${forged}.${signature}`;
      },
    ],
    [
      'that asks not to be verified',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const exp = Math.floor(clock.now().getTime() / 1000) + 60;
        const claims = {
          iss: 'heed.identity',
          aud: 'heed',
          sub: newId(),
          tid: newId(),
          kind: 'member',
          exp,
          iat: exp,
        };
        return `${part({ alg: 'none' })}.${part({ ...claims, roles: ['owner'] })}.`;
      },
    ],
  ])('a token %s is refused', async (_, token) => {
    expect(await refusal(optOutWith(await token()))).toMatchObject({
      kind: 'unauthenticated',
      reason: 'TOKEN_INVALID',
    });
    expect(ConsentController.callers).toEqual([]);
  });

  it('the operator, who stands outside tenants, may not call what members may', async () => {
    const token = await served.issuer.token({ kind: 'operator', roles: ['owner'] });
    expect(await refusal(optOutWith(token))).toMatchObject({ reason: 'OPERATOR_NOT_ALLOWED' });
  });

  it('keys of identity may change; a withdrawn one works for a minute at most', async () => {
    const before = await served.issuer.token();
    await optOutWith(before);
    served.issuer.rotate();
    await clock.advance(3_000);
    await optOutWith(await served.issuer.token());
    await clock.advance(61_000);
    expect(await refusal(optOutWith(before))).toMatchObject({ reason: 'TOKEN_INVALID' });
  });

  it('keys that are known go on working while identity is down', async () => {
    const token = await served.issuer.token();
    await optOutWith(token);
    served.issuer.isDown = true;
    await clock.advance(120_000);
    await optOutWith(token);
    served.issuer.isDown = false;
  });

  it('made-up key ids do not become requests to identity', async () => {
    const before = served.issuer.fetches;
    for (let i = 0; i < 20; i++) {
      await refusal(optOutWith(await served.issuer.token({ key: SigningKey.generate() })));
    }
    expect(served.issuer.fetches - before).toBeLessThanOrEqual(5);
  });
});

describe('which services may call', () => {
  const clock = new TestClock();
  const tenantId = newId();
  let served: Served;
  beforeAll(async () => {
    served = await serve({ controllers: [ConsentController], services: [ConsentServiceService], clock });
  });
  afterAll(() => served.stop());
  beforeEach(() => ConsentController.reset());

  const calling = async (service: string, onBehalfOf?: string, key?: SigningKey) => {
    const clients = served.clientsOf(service, key);
    const call = clients
      .of(ConsentServiceService, 'contacts')
      .recordOptOut(optOut(), { tenantId, onBehalfOf });
    return call.finally(() => clients.close());
  };

  it('one that the rule of the RPC names, for the tenant of its token', async () => {
    const memberId = newId();
    await calling('messaging', memberId);
    expect(ConsentController.callers).toEqual([
      expect.objectContaining({ kind: 'service', service: 'messaging', tenantId, onBehalfOf: memberId }),
    ]);
    expect(ConsentController.callers[0]!.permissions.size).toBe(0);
  });

  it('no other, and that is a fault between services, which no member is blamed for', async () => {
    expect(await refusal(calling('campaigns'))).toMatchObject({
      kind: 'internal',
      reason: 'SERVICE_CALL_REFUSED',
    });
  });

  it('none with a key that it did not register, which may be a matter of time', async () => {
    expect(await refusal(calling('messaging', undefined, SigningKey.generate()))).toMatchObject({
      kind: 'unavailable',
      reason: 'SERVICE_NOT_RECOGNISED',
    });
  });

  it('none with the key of another service', async () => {
    expect(await refusal(calling('messaging', undefined, served.keys['campaigns']))).toMatchObject({
      reason: 'SERVICE_NOT_RECOGNISED',
    });
  });

  it('none by a token that was meant for another service', async () => {
    const clients = served.clientsOf('messaging');
    const call = clients.of(ConsentServiceService, 'privacy').recordOptOut(optOut(), { tenantId });
    expect(await refusal(call.finally(() => clients.close()))).toMatchObject({
      reason: 'SERVICE_NOT_RECOGNISED',
    });
  });
});
