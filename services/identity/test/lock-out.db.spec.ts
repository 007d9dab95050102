import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@heed/kernel';
import pg from 'pg';
import { HERE, IdentityFixture, PASSWORD, reasonOf } from './identity-fixture.js';

describe('the lock-out', () => {
  let identity: IdentityFixture;
  beforeAll(async () => {
    identity = await IdentityFixture.create();
  });
  afterAll(() => identity.database.drop());
  afterEach(() => void jest.restoreAllMocks());

  const tryIn = (slug: string, email: string, password: string, source = HERE) =>
    reasonOf(identity.signIn.signIn(slug, email, password, source));
  const closed = async () => {
    const tenant = await identity.tenant();
    for (let i = 0; i < 5; i++) await tryIn(tenant.slug, tenant.email, 'wrong wrong wrong', newId());
    return tenant;
  };

  it('runs the same statements and one password check, whether an account is known, unknown, closed or open', async () => {
    const [open, shut] = [await identity.tenant(), await closed()];
    await identity.invited(open.tenantId, 'invited@example.org');
    const checking = jest.spyOn(identity.hashing, 'checking');
    // As pg is asked: whatever issues a statement passes here.
    const asked = jest.spyOn(pg.Client.prototype, 'query');
    const seen: string[][] = [];
    for (const [slug, email] of [
      [open.slug, open.email],
      [open.slug, 'nobody@example.org'],
      [open.slug, 'invited@example.org'],
      [shut.slug, shut.email],
      ['no-such-tenant', open.email],
    ] as const) {
      asked.mockClear();
      expect(await tryIn(slug, email, 'not the password', newId())).toBe('SIGN_IN_REFUSED');
      const texts = asked.mock.calls.map(([query]) =>
        typeof query === 'string' ? query : (query as unknown as { text: string }).text,
      );
      seen.push(texts.map((text) => text.replace(/'[^']*'/g, '?')));
    }
    expect(seen[0]?.length).toBeGreaterThan(3);
    for (const statements of seen) expect(statements).toEqual(seen[0]);
    expect(checking).toHaveBeenCalledTimes(5);
  });

  it('of an account does not show from outside, even to who has the password', async () => {
    const { slug, email } = await closed();
    expect(await tryIn(slug, email, PASSWORD)).toBe(await tryIn(slug, 'nobody@example.org', PASSWORD));
  });

  it('ends when somebody who staffs the tenant opens the account, which the audit log is told', async () => {
    const { tenantId, slug, email, ownerId } = await closed();
    expect(await tryIn(slug, email, PASSWORD)).toBe('SIGN_IN_REFUSED');
    await identity.due.runDue();
    identity.audited.length = 0;
    const admin = identity.member(tenantId, newId(), ['admin']);
    expect((await identity.unlock.unlock(admin, ownerId)).lockedUntil).toBe('');
    expect((await identity.unlock.unlock(admin, ownerId)).lockedUntil).toBe('');
    expect(await tryIn(slug, email, PASSWORD)).toBe('accepted');
    await identity.due.runDue();
    expect(identity.audited.map(({ actorId, subjectId }) => [actorId, subjectId])).toEqual([
      [admin.actorId, ownerId],
    ]);
    const other = await identity.tenant();
    const stranger = identity.member(other.tenantId, other.ownerId, ['owner']);
    expect(await reasonOf(identity.unlock.unlock(stranger, ownerId))).toBe('MEMBER_NOT_FOUND');
  });

  it('of a source comes after 50 failures over any accounts, and is the same answer for all of them', async () => {
    const { slug, email } = await identity.tenant();
    const source = '198.51.100.7';
    for (let i = 0; i < 50; i++) await tryIn(slug, `guess-${i}@example.org`, PASSWORD, source);
    expect([
      await tryIn(slug, email, PASSWORD, source),
      await tryIn(slug, 'nobody@example.org', PASSWORD, source),
      await tryIn('no-such-tenant', email, PASSWORD, source),
    ]).toEqual(Array.from({ length: 3 }, () => 'SIGN_IN_SOURCE_WAITS'));
    expect(await tryIn(slug, email, PASSWORD, '198.51.100.8')).toBe('accepted');
    await identity.clock.advance(30_000);
    expect(await tryIn(slug, email, PASSWORD, source)).toBe('accepted');
  });
});
