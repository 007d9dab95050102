import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@heed/contracts';
import { newId, type Caller } from '@heed/kernel';
import { decodeJwt } from 'jose';
import { apiKeyById, apiKeysBefore } from '../src/api-keys/api-key.store.js';
import { IdentityFixture, reasonOf } from './identity-fixture.js';

const { ApiKeyState } = identityV1;

describe('API keys', () => {
  let identity: IdentityFixture;
  let acme: Awaited<ReturnType<IdentityFixture['tenant']>>;
  let owner: Caller;

  beforeAll(async () => {
    identity = await IdentityFixture.create();
    acme = await identity.tenant();
    owner = identity.member(acme.tenantId, acme.ownerId, ['owner']);
  });
  afterAll(() => identity.database.drop());

  const create = (more: Partial<identityV1.CreateApiKeyRequest> = {}, by = owner) =>
    identity.createKey.create(by, {
      ...{
        requestId: newId(),
        name: 'crm',
        scopes: ['contacts.read', 'lists.write'],
        expiresAt: '',
        ...more,
      },
    });
  const idOf = ({ apiKey }: identityV1.CreateApiKeyResponse) => apiKey?.apiKeyId ?? '';
  const exchange = (key: string) => reasonOf(identity.exchangeKey.exchange(key));
  const inSeconds = (seconds: number) =>
    new Date(identity.clock.now().getTime() + seconds * 1000).toISOString();

  it('are shown once, kept as a digest, and exchanged for a token of five minutes', async () => {
    const made = await create();
    expect(made.apiKey).toMatchObject({
      name: 'crm',
      state: ApiKeyState.API_KEY_STATE_ACTIVE,
      lastUsedAt: '',
    });
    expect(made.key.startsWith(made.apiKey?.prefix ?? 'none')).toBe(true);
    const secret = made.key.slice(made.apiKey?.prefix.length);
    const [row] = await identity.uow.run(acme.tenantId, (tx) =>
      tx.query<{ all: string }>('select api_key::text as all from api_key where api_key_id = $1', [
        idOf(made),
      ]),
    );
    expect([
      secret.length,
      row?.all.includes(secret),
      row?.all.includes(Buffer.from(secret, 'base64url').toString('hex')),
    ]).toEqual([43, false, false]);
    const { accessToken, expiresIn, scopes } = await identity.exchangeKey.exchange(made.key);
    expect([expiresIn, scopes]).toEqual([300, ['contacts.read', 'lists.write']]);
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({
      ...{ sub: idOf(made), tid: acme.tenantId, kind: 'api_key', obo: acme.ownerId, scopes },
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(300);
  });

  it('are made once for one request, and shown again to that very request alone', async () => {
    const request = { requestId: newId(), name: 'once' };
    const [first, again] = [await create(request), await create(request)];
    expect(again).toEqual(first);
    expect(await reasonOf(create({ ...request, name: 'other' }))).toBe('REQUEST_ID_REUSED');
  });

  it('have no scope that is unknown, that their maker lacks by now, or that is for people', async () => {
    const violations = (work: Promise<unknown>) =>
      work.catch((error: { violations: { reason: string }[] }) =>
        error.violations.map(({ reason }) => reason),
      );
    expect(await violations(create({ scopes: ['everything'] }))).toEqual(['UNKNOWN_PERMISSION']);
    expect(await violations(create({ scopes: ['api_keys.manage', 'members.manage'] }))).toEqual([
      'PEOPLE_ONLY',
      'PEOPLE_ONLY',
    ]);
    // The token still says owner; the row says what counts.
    const { memberId } = await identity.invited(acme.tenantId, 'ada@example.org', ['admin']);
    const stale = identity.member(acme.tenantId, memberId, ['owner']);
    expect(await violations(create({ scopes: ['campaigns.run'] }, stale))).toEqual(['PERMISSION_LACKING']);
    expect(await violations(create({ expiresAt: 'tomorrow' }))).toEqual(['NOT_A_TIME']);
    expect(await violations(create({ expiresAt: inSeconds(0) }))).toEqual(['IN_THE_PAST']);
  });

  it('of another tenant, tampered with or invented are no keys, and all are told so in one way', async () => {
    const made = await create();
    const other = await identity.tenant();
    const [, , id = '', secret = ''] = made.key.split('_');
    const plain = (uuid: string) => uuid.replaceAll('-', '');
    const secondKey = await create();
    for (const key of [
      ['heed', plain(other.tenantId), id, secret].join('_'),
      ['heed', plain(newId()), id, secret].join('_'),
      ['heed', plain(acme.tenantId), plain(newId()), secret].join('_'),
      ['heed', plain(acme.tenantId), plain(idOf(secondKey)), made.key.slice(-43)].join('_'),
      made.key.slice(0, -43) + Buffer.alloc(32, 7).toString('base64url'),
      'heed_nonsense',
      '',
    ]) {
      expect(await exchange(key)).toBe('API_KEY_INVALID');
    }
    expect(await exchange(made.key)).toBe('accepted');
    const foreign = identity.member(other.tenantId, other.ownerId, ['owner']);
    expect(await reasonOf(identity.revokeKey.revoke(foreign, idOf(made)))).toBe('API_KEY_NOT_FOUND');
    expect(await reasonOf(identity.uow.run(other.tenantId, (tx) => apiKeyById(tx, idOf(made))))).toBe(
      'API_KEY_NOT_FOUND',
    );
    expect(await exchange(made.key)).toBe('accepted');
  });

  it('end by revocation, once and for good, and by expiry; only who has the secret learns which', async () => {
    const [revoked, expiring] = [await create(), await create({ expiresAt: inSeconds(60) })];
    const ended = await identity.revokeKey.revoke(owner, idOf(revoked));
    expect(ended.state).toBe(ApiKeyState.API_KEY_STATE_REVOKED);
    await identity.clock.advance(1_000);
    expect(await identity.revokeKey.revoke(owner, idOf(revoked))).toEqual(ended);
    expect(await exchange(revoked.key)).toBe('API_KEY_REVOKED');
    expect(await exchange(revoked.key.slice(0, -43) + 'A'.repeat(43))).toBe('API_KEY_INVALID');
    expect((await identity.exchangeKey.exchange(expiring.key)).expiresIn).toBe(59);
    await identity.clock.advance(59_000);
    expect(await exchange(expiring.key)).toBe('API_KEY_EXPIRED');
  });

  it('do what their maker may do today, and nothing once the account is closed or erased', async () => {
    const { memberId, token } = await identity.invited(acme.tenantId, 'mia@example.org', ['owner']);
    await identity.accept.accept(token, 'orchid-lantern-48');
    const { key } = await create(
      { scopes: ['contacts.read', 'members.read'] },
      identity.member(acme.tenantId, memberId, ['owner']),
    );
    const asOwner = (sql: string) => identity.uow.run(acme.tenantId, (tx) => tx.execute(sql, [memberId]));
    await asOwner(`update member set roles = '{agent}' where member_id = $1`);
    expect((await identity.exchangeKey.exchange(key)).scopes).toEqual(['contacts.read']);
    await asOwner(`update member set state = 'deactivated' where member_id = $1`);
    expect(await exchange(key)).toBe('API_KEY_REVOKED');
  });

  it('have their use written down once a minute', async () => {
    const made = await create();
    const lastUsed = async () =>
      (await identity.uow.run(acme.tenantId, (tx) => apiKeyById(tx, idOf(made)))).lastUsedAt?.getTime();
    const times: (number | undefined)[] = [];
    for (const pause of [0, 59_999, 1]) {
      await identity.clock.advance(pause);
      await identity.exchangeKey.exchange(made.key);
      times.push(await lastUsed());
    }
    const last = identity.clock.now().getTime();
    expect(times).toEqual([last - 60_000, last - 60_000, last]);
  });

  it('are listed newest first, by pages, and found by state, maker and the beginning of their name', async () => {
    const { tenantId, ownerId } = await identity.tenant();
    const by = identity.member(tenantId, ownerId, ['owner']);
    const names = ['Export job', 'export-2', 'import', 'temporary'];
    const made: string[] = [];
    for (const name of names) {
      made.push(idOf(await create({ name, expiresAt: name === 'temporary' ? inSeconds(5) : '' }, by)));
    }
    await identity.revokeKey.revoke(by, made[1] ?? '');
    await identity.clock.advance(5_000);
    const at = identity.clock.now();
    const list = async (filter: Partial<Parameters<typeof apiKeysBefore>[1]>) =>
      (await identity.uow.run(tenantId, (tx) => apiKeysBefore(tx, { at, limit: 10, ...filter }))).map(
        ({ name }) => name,
      );
    expect(await list({})).toEqual(names.toReversed());
    expect(await list({ before: made[2], limit: 1 })).toEqual(['export-2']);
    expect(await list({ namePrefix: 'EXPORT' })).toEqual(['export-2', 'Export job']);
    expect(await list({ namePrefix: '%' })).toEqual([]);
    expect(await list({ state: 'active' })).toEqual(['import', 'Export job']);
    expect(await list({ state: 'revoked' })).toEqual(['export-2']);
    expect(await list({ state: 'expired' })).toEqual(['temporary']);
    expect(await list({ memberId: newId() })).toEqual([]);
  });

  it('are 50 that can be used at most, however many are asked for at once; what ended makes room', async () => {
    const { tenantId, ownerId } = await identity.tenant();
    const by = identity.member(tenantId, ownerId, ['owner']);
    const made = await Promise.all(Array.from({ length: 55 }, () => create({}, by).catch((e: unknown) => e)));
    const keys = made.filter(
      (answer): answer is identityV1.CreateApiKeyResponse => !(answer instanceof Error),
    );
    expect(keys).toHaveLength(50);
    expect(
      made.filter((answer) => (answer as { reason?: string }).reason === 'API_KEYS_TOO_MANY'),
    ).toHaveLength(5);
    await identity.revokeKey.revoke(by, idOf(keys[0]!));
    expect(await reasonOf(create({}, by))).toBe('accepted');
    // Ninety days later the ended one is no longer listed.
    await identity.clock.advance(90 * 86_400_000 + 1);
    await identity.revokeKey.revoke(by, idOf(keys[1]!));
    await create({}, by);
    expect(await reasonOf(identity.uow.run(tenantId, (tx) => apiKeyById(tx, idOf(keys[0]!))))).toBe(
      'API_KEY_NOT_FOUND',
    );
  });

  it('are told to the audit log when made and ended, for as long as it takes', async () => {
    const { tenantId, ownerId } = await identity.tenant();
    const by = identity.member(tenantId, ownerId, ['owner']);
    await identity.due.runDue();
    identity.audited.length = 0;
    identity.privacyIsAway = true;
    const made = await create({}, by);
    await identity.revokeKey.revoke(by, idOf(made));
    await identity.revokeKey.revoke(by, idOf(made));
    await identity.due.runDue();
    expect(identity.audited).toEqual([]);
    identity.privacyIsAway = false;
    await identity.clock.advance(60_000);
    await identity.due.runDue();
    expect(identity.audited.map(({ actorId, subjectId, service }) => [actorId, subjectId, service])).toEqual(
      Array.from({ length: 2 }, () => [ownerId, idOf(made), 'identity']),
    );
    const left = await identity.uow.run(tenantId, (tx) => tx.query('select 1 from audit_due'));
    expect(left).toEqual([]);
  });
});
