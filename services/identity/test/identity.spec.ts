import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identityV1, permissionsOf } from '@heed/contracts';
import { newId, SigningKey, systemClock, type Clock } from '@heed/kernel';
import { memberClient, type MemberClient } from '@heed/rpc';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { identity } from '../src/service.js';

const PASSWORD = 'orchid-lantern-47';
const OPERATOR = { email: 'operator@heed.example', password: 'sturdy-bridge-12' };
const BOOTSTRAP_SECRET = 'bootstrap secret of a spec';
const anyMember = { state: 0, role: '', namePrefix: '' };

interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** The system's time, moved on by the spec. */
let ahead = 0;
const clock: Clock = {
  now: () => new Date(systemClock.now().getTime() + ahead),
  monotonicMs: () => systemClock.monotonicMs() + ahead,
  bootMs: () => systemClock.bootMs() + ahead,
  wait: (ms, signal) => systemClock.wait(ms, signal),
};

describe('identity, over HTTP and gRPC', () => {
  let cluster: Cluster;
  const logged: string[] = [];
  const clients: MemberClient[] = [];
  let operator = '';

  beforeAll(async () => {
    cluster = await startCluster([identity], { clock, write: (line) => logged.push(line) });
    const { operatorId } = await over()
      .of(identityV1.OperatorsServiceService)
      .bootstrapOperator({
        ...OPERATOR,
        bootstrapSecret: BOOTSTRAP_SECRET,
      });
    expect(operatorId).toMatch(/^[0-9a-f-]{36}$/);
    operator = (await signIn('', OPERATOR.email, OPERATOR.password)).access_token;
  });
  afterAll(async () => {
    clients.forEach((client) => client.close());
    await cluster.stop();
  });

  function over(token?: string): MemberClient {
    const client = memberClient({ target: cluster.service('identity').grpcTarget, token, clock });
    clients.push(client);
    return client;
  }
  const tenants = (token: string) => over(token).of(identityV1.TenantsServiceService);
  const members = (token: string) => over(token).of(identityV1.MembersServiceService);

  async function http(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const response = await fetch(`${cluster.service('identity').httpUrl}${path}`, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', ...headers },
    });
    const text = await response.text();
    return {
      status: response.status,
      json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  }
  async function signIn(tenant: string, email: string, password: string): Promise<Tokens> {
    const { status, json } = await http('POST', '/v1/sessions', { tenant, email, password });
    expect([status, json['reason']]).toEqual([201, undefined]);
    return json as unknown as Tokens;
  }
  async function owned(): Promise<{
    slug: string;
    tenantId: string;
    ownerId: string;
    email: string;
    token: string;
  }> {
    const slug = `acme-${newId().slice(-12)}`;
    const email = `owner@${slug}.example`;
    const founded = await tenants(operator).createTenant({
      ...{ requestId: newId(), slug, name: 'Acme', ownerEmail: email, ownerName: 'Ada' },
    });
    const { invitationToken, ownerId } = founded;
    const accepted = await http('POST', '/v1/invitations/accept', {
      invitation_token: invitationToken,
      password: PASSWORD,
    });
    expect(accepted.status).toBe(204);
    const { access_token: token } = await signIn(slug, email, PASSWORD);
    return { slug, tenantId: founded.tenant?.tenantId ?? '', ownerId, email, token };
  }
  async function refused(work: Promise<unknown>): Promise<string> {
    return work.then(
      () => 'accepted',
      (error: { reason?: string }) => error.reason ?? String(error),
    );
  }

  it('takes an operator, who founds a tenant, whose owner invites a member, who sees what their role permits', async () => {
    const acme = await owned();
    const self = await members(acme.token).getSelf({});
    expect(self.member).toMatchObject({ memberId: acme.ownerId, roles: ['owner'], state: 2 });
    expect(self.permissions).toEqual([...permissionsOf(['owner'])].sort());
    expect((await tenants(acme.token).getTenant({})).tenant).toMatchObject({ slug: acme.slug, name: 'Acme' });

    const { member, invitationToken } = await members(acme.token).inviteMember({
      ...{ requestId: newId(), email: 'ben@acme.example', name: 'Ben', roles: ['agent'] },
    });
    expect(member).toMatchObject({ state: 1, roles: ['agent'] });
    await http('POST', '/v1/invitations/accept', { invitation_token: invitationToken, password: PASSWORD });
    const ben = await signIn(acme.slug, 'ben@acme.example', PASSWORD);
    expect(
      await refused(members(ben.access_token).listMembers({ ...anyMember, pageSize: 0, pageToken: '' })),
    ).toBe('PERMISSION_MISSING');
    expect(
      await refused(tenants(acme.token).listTenants({ slugPrefix: '', pageSize: 0, pageToken: '' })),
    ).toBe('MEMBER_NOT_ALLOWED');
    expect(await refused(members(operator).getSelf({}))).toBe('OPERATOR_NOT_ALLOWED');
  });

  it('lists by pages, newest tenants and oldest members first', async () => {
    const acme = await owned();
    for (const name of ['b', 'c', 'd']) {
      await members(acme.token).inviteMember({
        ...{ requestId: newId(), email: `${name}@acme.example`, name, roles: ['auditor'] },
      });
    }
    const first = await members(acme.token).listMembers({ ...anyMember, pageSize: 3, pageToken: '' });
    expect(first.members.map(({ name }) => name)).toEqual(['Ada', 'b', 'c']);
    const rest = await members(acme.token).listMembers({
      ...anyMember,
      pageSize: 3,
      pageToken: first.nextPageToken,
    });
    expect([rest.members.map(({ name }) => name), rest.nextPageToken]).toEqual([['d'], '']);
    const { tenants: newest } = await tenants(operator).listTenants({
      slugPrefix: '',
      pageSize: 1,
      pageToken: '',
    });
    expect(newest[0]?.slug).toBe(acme.slug);
    expect(
      await refused(members(acme.token).listMembers({ ...anyMember, pageSize: 3, pageToken: 'nonsense' })),
    ).toBe('INVALID_ARGUMENT');
  });

  it('bootstraps once, and only for who knows the secret', async () => {
    const operators = over().of(identityV1.OperatorsServiceService);
    const again = { email: 'second@heed.example', password: PASSWORD };
    expect(await refused(operators.bootstrapOperator({ ...again, bootstrapSecret: 'guess' }))).toBe(
      'BOOTSTRAP_SECRET_WRONG',
    );
    expect(await refused(operators.bootstrapOperator({ ...again, bootstrapSecret: BOOTSTRAP_SECRET }))).toBe(
      'OPERATOR_EXISTS',
    );
  });

  it('I8 two tenants know nothing of each other, their ids included', async () => {
    const [acme, other] = [await owned(), await owned()];
    expect(await refused(members(acme.token).getMember({ memberId: other.ownerId }))).toBe(
      'MEMBER_NOT_FOUND',
    );
    const { members: seen } = await members(acme.token).listMembers({
      ...anyMember,
      pageSize: 0,
      pageToken: '',
    });
    expect(seen.map(({ memberId }) => memberId)).toEqual([acme.ownerId]);
    // The same address and password in another tenant is another account.
    expect(
      (await http('POST', '/v1/sessions', { tenant: other.slug, email: acme.email, password: PASSWORD }))
        .status,
    ).toBe(401);
  });

  it('publishes the key by which anybody verifies its tokens', async () => {
    const { json } = await http('GET', '/.well-known/jwks.json');
    expect(json).toEqual({
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          kid: expect.any(String),
          x: expect.any(String),
        },
      ],
    });
  });

  it("lists members by state, role and the beginning of their name, and refuses another list's page token", async () => {
    const acme = await owned();
    for (const [name, role] of [
      ['Zoe', 'agent'],
      ['zack', 'auditor'],
    ] as const) {
      await members(acme.token).inviteMember({
        ...{ requestId: newId(), email: `${name}@acme.example`, name, roles: [role] },
      });
    }
    const named = async (filter: Partial<identityV1.ListMembersRequest>) =>
      (
        await members(acme.token).listMembers({ ...anyMember, pageSize: 0, pageToken: '', ...filter })
      ).members.map(({ name }) => name);
    expect(await named({ namePrefix: 'z' })).toEqual(['Zoe', 'zack']);
    expect(await named({ namePrefix: '_' })).toEqual([]);
    expect(await named({ role: 'auditor' })).toEqual(['zack']);
    expect(await named({ state: identityV1.MemberState.MEMBER_STATE_ACTIVE })).toEqual(['Ada']);
    for (const pageToken of ['nonsense', 'bm9uc2Vuc2U', Buffer.from("' or 1=1").toString('base64url')]) {
      expect(await refused(members(acme.token).listMembers({ ...anyMember, pageSize: 0, pageToken }))).toBe(
        'INVALID_ARGUMENT',
      );
    }
    for (const pageSize of [-1, 1001]) {
      expect(await refused(members(acme.token).listMembers({ ...anyMember, pageSize, pageToken: '' }))).toBe(
        'INVALID_ARGUMENT',
      );
    }
  });

  it('serves the description of its routes that is committed', async () => {
    const committed = readFileSync(new URL('../../../docs/openapi/identity.json', import.meta.url), 'utf8');
    expect((await http('GET', '/openapi.json')).json).toEqual(JSON.parse(committed));
  });

  describe('API keys', () => {
    const keys = (token?: string) => over(token).of(identityV1.ApiKeysServiceService);
    const make = (token: string, scopes: string[]) =>
      keys(token).createApiKey({ requestId: newId(), name: 'crm', scopes, expiresAt: '' });
    const exchanged = async (key: string): Promise<string> => {
      const { status, json } = await http('POST', '/v1/tokens', { api_key: key });
      expect([status, json['token_type'], json['expires_in']]).toEqual([200, 'Bearer', 300]);
      return String(json['access_token']);
    };

    it('let a program do what it was given, and nothing that is for people', async () => {
      const acme = await owned();
      const { key } = await make(acme.token, ['members.read']);
      const token = await exchanged(key);
      const list = { ...anyMember, pageSize: 0, pageToken: '' };
      expect((await members(token).listMembers(list)).members.map(({ name }) => name)).toEqual(['Ada']);
      const { accessToken, scopes } = await keys().exchangeApiKey({ key });
      expect([await refused(members(accessToken).listMembers(list)), scopes]).toEqual([
        'accepted',
        ['members.read'],
      ]);
      expect(
        await refused(
          keys(token).listApiKeys({ pageSize: 0, pageToken: '', state: 0, memberId: '', namePrefix: '' }),
        ),
      ).toBe('PERMISSION_MISSING');
      expect(await refused(make(token, ['members.read']))).toBe('PERMISSION_MISSING');
      expect(await refused(members(token).getSelf({}))).toBe('API_KEY_NOT_ALLOWED');
      // A key is no token, and its token is no session.
      expect(await refused(members(key).listMembers(list))).toBe('TOKEN_INVALID');
      const authorization = `Bearer ${token}`;
      expect((await http('DELETE', '/v1/sessions', undefined, { authorization })).status).toBe(401);
    });

    it('that are revoked give no more tokens at once, and those that are out end within 5 minutes', async () => {
      const acme = await owned();
      const { key, apiKey } = await make(acme.token, ['members.read']);
      const token = await exchanged(key);
      await keys(acme.token).revokeApiKey({ apiKeyId: apiKey?.apiKeyId ?? '' });
      const refusedNow = await http('POST', '/v1/tokens', { api_key: key });
      expect([refusedNow.status, refusedNow.json['reason']]).toEqual([401, 'API_KEY_REVOKED']);
      expect(await refused(keys().exchangeApiKey({ key }))).toBe('API_KEY_REVOKED');
      ahead = 306_000;
      try {
        expect(await refused(members(token).listMembers({ ...anyMember, pageSize: 0, pageToken: '' }))).toBe(
          'TOKEN_EXPIRED',
        );
      } finally {
        ahead = 0;
      }
    });

    it('I8 8.1 of one tenant are unknown in another', async () => {
      const [acme, other] = [await owned(), await owned()];
      const { apiKey } = await make(acme.token, ['members.read']);
      const apiKeyId = apiKey?.apiKeyId ?? '';
      for (const id of [apiKeyId, newId()]) {
        expect(await refused(keys(other.token).getApiKey({ apiKeyId: id }))).toBe('API_KEY_NOT_FOUND');
        expect(await refused(keys(other.token).revokeApiKey({ apiKeyId: id }))).toBe('API_KEY_NOT_FOUND');
      }
      expect((await keys(acme.token).getApiKey({ apiKeyId })).apiKey?.state).toBe(1);
    });
  });

  describe('refuses', () => {
    it('a token that was tampered with, made with another key, or has expired', async () => {
      const { token, tenantId, ownerId } = await owned();
      const [head = '', body = '', signature = ''] = token.split('.');
      const claims = decodeJwt(token);
      const forged = (change: object) =>
        [head, Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url'), signature].join(
          '.',
        );
      const { privateKey } = await generateKeyPair('EdDSA');
      const foreign = await new SignJWT({ tid: tenantId, roles: ['owner'], kind: 'member' })
        .setProtectedHeader({ alg: 'EdDSA', kid: (await keyId()) ?? '' })
        .setIssuer('heed.identity')
        .setAudience('heed')
        .setSubject(ownerId)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
      const unsigned = [Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url'), body, ''].join(
        '.',
      );
      for (const bad of [
        forged({ tid: newId() }),
        forged({ roles: ['owner'], sub: newId() }),
        foreign,
        unsigned,
        'x',
        token.slice(0, -2),
      ]) {
        expect(await refused(members(bad).getSelf({}))).toBe('TOKEN_INVALID');
        expect(
          (await http('DELETE', '/v1/sessions', undefined, { authorization: `Bearer ${bad}` })).status,
        ).toBe(401);
      }
      expect(await refused(members(token).getSelf({}))).toBe('accepted');
      ahead = 3_700_000;
      try {
        expect(await refused(members(token).getSelf({}))).toBe('TOKEN_EXPIRED');
      } finally {
        ahead = 0;
      }
    });

    async function keyId(): Promise<string | undefined> {
      const { json } = await http('GET', '/.well-known/jwks.json');
      return (json['keys'] as { kid: string }[])[0]?.kid;
    }

    it('bodies that are not what a route takes, each with a reason, and stays up', async () => {
      const sent: [unknown, number, string, Record<string, string>?][] = [
        ['{"tenant":', 400, 'BODY_MALFORMED'],
        ['[]', 400, 'INVALID_ARGUMENT'],
        [{ tenant: 'acme', email: 'a@b.example' }, 400, 'INVALID_ARGUMENT'],
        [{ tenant: 'acme', email: 7, password: PASSWORD }, 400, 'INVALID_ARGUMENT'],
        [{ tenant: 'acme', email: 'a@b.example', password: PASSWORD, admin: true }, 400, 'INVALID_ARGUMENT'],
        [{ tenant: 'a\0b', email: 'a@b.example', password: PASSWORD }, 400, 'INVALID_ARGUMENT'],
        [{ tenant: 'acme', email: 'a@b.example', password: 'x'.repeat(300_000) }, 413, 'BODY_TOO_LARGE'],
        ['<xml/>', 415, 'MEDIA_TYPE_UNSUPPORTED', { 'content-type': 'text/xml' }],
      ];
      for (const [body, status, reason, headers] of sent) {
        const answer = await http('POST', '/v1/sessions', body, headers);
        expect([answer.status, answer.json['reason']]).toEqual([status, reason]);
      }
      expect((await http('POST', '/v1/sessions/refresh', { refresh_token: 'hdr_nonsense' })).status).toBe(
        401,
      );
      expect(
        (await http('POST', '/v1/invitations/accept', { invitation_token: 'x', password: PASSWORD })).json,
      ).toMatchObject({
        reason: 'INVITATION_INVALID',
      });
      expect((await http('DELETE', '/v1/sessions')).json).toMatchObject({ reason: 'TOKEN_MISSING' });
      expect((await http('GET', '/v1/sessions/nowhere')).status).toBe(404);
    });

    it('requests that are not what their contract says', async () => {
      const good = {
        requestId: newId(),
        slug: 'globex',
        name: 'G',
        ownerEmail: 'g@globex.example',
        ownerName: 'G',
      };
      const bad: Partial<identityV1.CreateTenantRequest>[] = [
        { slug: 'Globex' },
        { slug: '-a' },
        { slug: 'a'.repeat(41) },
        { requestId: 'x' },
        { ownerEmail: 'nobody' },
        { ownerEmail: 'a@b.example\nBcc: c' },
        { name: '' },
        { name: 'x\0y' },
      ];
      for (const change of bad) {
        expect([change, await refused(tenants(operator).createTenant({ ...good, ...change }))]).toEqual([
          change,
          'INVALID_ARGUMENT',
        ]);
      }
    });

    it('the key of a service that has one, and a registration without the secret', async () => {
      const tokens = over().of(identityV1.TokensServiceService);
      const registration = (service: string, key: SigningKey) => ({
        ...{ service, publicKey: key.publicKey, proof: key.sign(Buffer.from(`heed service key:${service}`)) },
        endorsement: Buffer.alloc(0),
      });
      const metadata = { 'heed-registration': 'registration secret of a spec' };
      // Identity registered its own when it started, over the same RPC.
      const { keys } = await tokens.listServiceKeys({});
      expect(keys.map(({ service }) => service)).toEqual(['identity']);
      const thief = SigningKey.generate();
      expect(await refused(tokens.registerServiceKey(registration('identity', thief), { metadata }))).toBe(
        'SERVICE_KEY_DIFFERS',
      );
      expect(await refused(tokens.registerServiceKey(registration('contacts', thief)))).toBe(
        'REGISTRATION_SECRET_WRONG',
      );
      expect(await refused(tokens.registerServiceKey(registration('billing', thief), { metadata }))).toBe(
        'INVALID_ARGUMENT',
      );
      const { keyId } = await tokens.registerServiceKey(registration('contacts', thief), { metadata });
      expect(keyId).toBe(thief.keyId);
    });
  });

  it('goes on by refresh, ends by sign-out, for members and the operator', async () => {
    const acme = await owned();
    const begun = await signIn(acme.slug, acme.email, PASSWORD);
    const next = await http('POST', '/v1/sessions/refresh', { refresh_token: begun.refresh_token });
    expect(next.status).toBe(200);
    expect(await refused(members(String(next.json['access_token'])).getSelf({}))).toBe('accepted');
    const authorization = `Bearer ${String(next.json['access_token'])}`;
    expect((await http('DELETE', '/v1/sessions', undefined, { authorization })).status).toBe(204);
    expect((await http('DELETE', '/v1/sessions', undefined, { authorization })).status).toBe(204);
    const after = await http('POST', '/v1/sessions/refresh', { refresh_token: next.json['refresh_token'] });
    expect([after.status, after.json['reason']]).toEqual([401, 'REFRESH_TOKEN_INVALID']);
    const outside = await signIn('', OPERATOR.email, OPERATOR.password);
    const ended = await http('DELETE', '/v1/sessions', undefined, {
      authorization: `Bearer ${outside.access_token}`,
    });
    expect(ended.status).toBe(204);
  });

  it('I5 a member who is erased is gone, signed for, and can neither sign in nor go on', async () => {
    const acme = await owned();
    const { member, invitationToken } = await members(acme.token).inviteMember({
      ...{ requestId: newId(), email: 'gone@acme.example', name: 'Gone', roles: ['agent'] },
    });
    await http('POST', '/v1/invitations/accept', { invitation_token: invitationToken, password: PASSWORD });
    const { refresh_token } = await signIn(acme.slug, 'gone@acme.example', PASSWORD);
    const privacy = await StandInPrivacy.join(cluster, 'identity', {
      registrationSecret: 'registration secret of a spec',
    });
    const memberId = member?.memberId ?? '';
    expect(await privacy.erase(acme.tenantId, 'member', memberId)).toMatchObject({ service: 'identity' });
    expect(await refused(members(acme.token).getMember({ memberId }))).toBe('MEMBER_NOT_FOUND');
    expect((await http('POST', '/v1/sessions/refresh', { refresh_token })).status).toBe(401);
    const again = { tenant: acme.slug, email: 'gone@acme.example', password: PASSWORD };
    expect((await http('POST', '/v1/sessions', again)).json['reason']).toBe('SIGN_IN_REFUSED');
    // The address is free: somebody else may come under it, as another subject.
    const next = await members(acme.token).inviteMember({
      ...{ requestId: newId(), email: 'gone@acme.example', name: 'New', roles: ['agent'] },
    });
    expect(next.member?.memberId).not.toBe(memberId);
  });

  it('10 writes neither addresses nor secrets into its log', () => {
    const log = logged.join('\n');
    expect(log).toContain('"msg":"ready"');
    for (const secret of ['@', PASSWORD, OPERATOR.password, BOOTSTRAP_SECRET, 'hdr_', 'hdi_', 'eyJ', 'crm']) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });
});
