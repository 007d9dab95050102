import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { decodeJwt } from 'jose';
import { failuresOf, saveFailures } from '../src/members/member.store.js';
import { HERE, IdentityFixture, PASSWORD, reasonOf } from './identity-fixture.js';

describe('sessions', () => {
  let identity: IdentityFixture;
  let acme: Awaited<ReturnType<IdentityFixture['tenant']>>;

  beforeAll(async () => {
    identity = await IdentityFixture.create();
    acme = await identity.tenant();
  });
  afterAll(() => identity.database.drop());

  const sessionsOf = (tenantId: string) =>
    identity.uow.run(tenantId, (tx) =>
      tx.query<{ ended_by: string | null }>('select ended_by from session order by session_id'),
    );

  it('begin with the right password, in any case of the address, and say who came in as what', async () => {
    const tokens = await identity.signIn.signIn(acme.slug, acme.email.toUpperCase(), PASSWORD, HERE);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, refresh_expires_in: 30 * 86_400 });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      ...{ iss: 'heed.identity', aud: 'heed', sub: acme.ownerId, tid: acme.tenantId, kind: 'member' },
      ...{ roles: ['owner'], sid: expect.any(String) },
    });
  });

  it('are refused with one reason, whatever is wrong', async () => {
    const ben = await identity.invited(acme.tenantId, 'ben@example.org');
    const tried: [string, string, string][] = [
      [acme.slug, acme.email, 'not the password'],
      [acme.slug, 'nobody@example.org', PASSWORD],
      ['no-such-tenant', acme.email, PASSWORD],
      ['', acme.email, PASSWORD],
      [acme.slug, 'ben@example.org', ''],
    ];
    for (const [slug, email, password] of tried) {
      expect(await reasonOf(identity.signIn.signIn(slug, email, password, HERE))).toBe('SIGN_IN_REFUSED');
    }
    await identity.accept.accept(ben.token, PASSWORD);
    expect(await reasonOf(identity.signIn.signIn(acme.slug, 'ben@example.org', PASSWORD, HERE))).toBe(
      'accepted',
    );
  });

  it('5 wrong passwords close an account for a minute, the sixth for two; the right one opens it for good', async () => {
    const { tenantId, slug, email } = await identity.tenant();
    const wrong = () => reasonOf(identity.signIn.signIn(slug, email, 'wrong wrong wrong', HERE));
    const right = () => reasonOf(identity.signIn.signIn(slug, email, PASSWORD, HERE));
    for (let i = 0; i < 4; i++) await wrong();
    expect(await right()).toBe('accepted');
    for (let i = 0; i < 5; i++) await wrong();
    expect(await right()).toBe('SIGN_IN_REFUSED');
    await identity.clock.advance(59_999);
    expect(await right()).toBe('SIGN_IN_REFUSED');
    await identity.clock.advance(1);
    await wrong();
    await identity.clock.advance(119_999);
    expect(await right()).toBe('SIGN_IN_REFUSED');
    await identity.clock.advance(1);
    expect(await right()).toBe('accepted');
    expect(
      await identity.uow.run(tenantId, (tx) => tx.query('select failed_sign_ins, locked_until from member')),
    ).toEqual([{ failed_sign_ins: 0, locked_until: null }]);
  });

  it('a crowd of wrong guesses at once is counted one by one', async () => {
    const { tenantId, slug, email } = await identity.tenant();
    await Promise.all(
      Array.from({ length: 12 }, () =>
        reasonOf(identity.signIn.signIn(slug, email, 'wrong wrong wrong', HERE)),
      ),
    );
    const [row] = await identity.uow.run(tenantId, (tx) =>
      tx.query<{ failed_sign_ins: number }>('select failed_sign_ins from member'),
    );
    // Four are looked at at a time, so at most three more than the fifth that closes the account.
    expect(row?.failed_sign_ins).toBeGreaterThanOrEqual(5);
    expect(row?.failed_sign_ins).toBeLessThanOrEqual(8);
    expect(await reasonOf(identity.signIn.signIn(slug, email, PASSWORD, HERE))).toBe('SIGN_IN_REFUSED');
  });

  it('failures that are counted at the same moment are all counted', async () => {
    const { tenantId, ownerId } = await identity.tenant();
    const countOne = () =>
      identity.uow.run(tenantId, async (tx) =>
        saveFailures(tx, ownerId, ((await failuresOf(tx, ownerId)) ?? 0) + 1, null),
      );
    await Promise.all(Array.from({ length: 10 }, countOne));
    expect(await identity.uow.run(tenantId, (tx) => failuresOf(tx, ownerId))).toBe(10);
  });

  it('go on by a refresh token that counts once, with the roles of now', async () => {
    const first = await identity.signIn.signIn(acme.slug, acme.email, PASSWORD, HERE);
    await identity.uow.run(acme.tenantId, (tx) =>
      tx.execute(`update member set roles = '{owner,auditor}' where member_id = $1`, [acme.ownerId]),
    );
    const second = await identity.refresh.refresh(first.refresh_token);
    expect(decodeJwt(second.access_token)).toMatchObject({
      roles: ['owner', 'auditor'],
      sid: decodeJwt(first.access_token)['sid'],
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await reasonOf(identity.refresh.refresh(second.refresh_token))).toBe('accepted');
  });

  it('end for both when a refresh token is shown twice', async () => {
    const { slug, email, tenantId } = await identity.tenant();
    const stolen = await identity.signIn.signIn(slug, email, PASSWORD, HERE);
    const next = await identity.refresh.refresh(stolen.refresh_token);
    expect(await reasonOf(identity.refresh.refresh(stolen.refresh_token))).toBe('REFRESH_TOKEN_REUSED');
    expect(await reasonOf(identity.refresh.refresh(next.refresh_token))).toBe('REFRESH_TOKEN_INVALID');
    expect(await sessionsOf(tenantId)).toEqual([{ ended_by: 'reuse' }]);
  });

  it('end when two show one token at the same moment, and one of them gets through at most', async () => {
    const { slug, email, tenantId } = await identity.tenant();
    const { refresh_token } = await identity.signIn.signIn(slug, email, PASSWORD, HERE);
    const outcomes = await Promise.all([1, 2].map(() => reasonOf(identity.refresh.refresh(refresh_token))));
    expect(outcomes.sort()).toEqual(['REFRESH_TOKEN_REUSED', 'accepted']);
    expect(await sessionsOf(tenantId)).toEqual([{ ended_by: 'reuse' }]);
  });

  it('do not outlast thirty days away, nor an account that was closed', async () => {
    const { slug, email, tenantId } = await identity.tenant();
    const away = await identity.signIn.signIn(slug, email, PASSWORD, HERE);
    await identity.clock.advance(30 * 86_400_000);
    expect(await reasonOf(identity.refresh.refresh(away.refresh_token))).toBe('REFRESH_TOKEN_INVALID');
    const back = await identity.signIn.signIn(slug, email, PASSWORD, HERE);
    // What had expired went with the sign-in.
    expect(await sessionsOf(tenantId)).toEqual([{ ended_by: null }]);
    await identity.uow.run(tenantId, (tx) => tx.execute(`update member set state = 'deactivated'`));
    expect(await reasonOf(identity.refresh.refresh(back.refresh_token))).toBe('REFRESH_TOKEN_INVALID');
    expect(await reasonOf(identity.signIn.signIn(slug, email, PASSWORD, HERE))).toBe('SIGN_IN_REFUSED');
  });

  it('of one tenant are not continued in another, whatever tenant is written into the token', async () => {
    const { refresh_token } = await identity.signIn.signIn(acme.slug, acme.email, PASSWORD, HERE);
    const bytes = Buffer.from(refresh_token.slice(4), 'base64url');
    Buffer.from(newId().replaceAll('-', ''), 'hex').copy(bytes, 0);
    expect(await reasonOf(identity.refresh.refresh(`hdr_${bytes.toString('base64url')}`))).toBe(
      'REFRESH_TOKEN_INVALID',
    );
    expect(await reasonOf(identity.refresh.refresh(refresh_token))).toBe('accepted');
  });
});
