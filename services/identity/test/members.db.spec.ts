import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type identityV1 } from '@heed/contracts';
import { newId, NIL_UUID } from '@heed/kernel';
import { lockSubjectsForErasure, raiseFence, sqlstate, type Tx } from '@heed/postgres';
import { HERE, IdentityFixture, PASSWORD, reasonOf } from './identity-fixture.js';

describe('tenants and members', () => {
  let identity: IdentityFixture;
  let acme: Awaited<ReturnType<IdentityFixture['tenant']>>;
  let other: Awaited<ReturnType<IdentityFixture['tenant']>>;

  beforeAll(async () => {
    identity = await IdentityFixture.create();
    acme = await identity.tenant();
    other = await identity.tenant();
  });
  afterAll(() => identity.database.drop());

  const inviting = (email: string, roles: string[], more: Partial<identityV1.InviteMemberRequest> = {}) =>
    identity.inviteMember.invite(identity.member(acme.tenantId, acme.ownerId), {
      ...{ requestId: newId(), email, name: 'Cem', roles },
      ...more,
    });

  it('a tenant is founded once for one request, and its slug is nobody else’s', async () => {
    const operator = identity.operator();
    const request = {
      ...{ requestId: newId(), slug: 'globex', name: 'Globex' },
      ...{ ownerEmail: 'hank@globex.example', ownerName: 'Hank' },
    };
    const first = await identity.foundTenant.found(operator, request);
    expect(await identity.foundTenant.found(operator, request)).toEqual(first);
    expect(await reasonOf(identity.foundTenant.found(operator, { ...request, requestId: newId() }))).toBe(
      'SLUG_TAKEN',
    );
    // The refusal left nothing: no owner without a tenant.
    const rows = await identity.uow.run(first.tenant?.tenantId ?? '', (tx) =>
      tx.query('select email from member'),
    );
    expect(rows).toEqual([{ email: 'hank@globex.example' }]);
  });

  it('an invitation is accepted once, whoever holds it and however often at once', async () => {
    const { token, memberId } = await identity.invited(acme.tenantId, 'once@example.org');
    const outcomes = await Promise.all(
      ['first-password-1', 'other-password-2', 'third-password-3'].map((password) =>
        reasonOf(identity.accept.accept(token, password)),
      ),
    );
    expect(outcomes.sort()).toEqual(['INVITATION_USED', 'INVITATION_USED', 'accepted']);
    expect(await reasonOf(identity.accept.accept(token, PASSWORD))).toBe('INVITATION_USED');
    const [row] = await identity.uow.run(acme.tenantId, (tx) =>
      tx.query<{ state: string }>('select state from member where member_id = $1', [memberId]),
    );
    expect(row?.state).toBe('active');
  });

  it('an invitation lasts seven days and takes no weak password', async () => {
    const { token } = await identity.invited(acme.tenantId, 'late@example.org');
    for (const password of ['short', 'late@example.org', 'passwordpassword']) {
      expect(await reasonOf(identity.accept.accept(token, password))).toBe('INVALID_ARGUMENT');
    }
    await identity.clock.advance(7 * 86_400_000);
    expect(await reasonOf(identity.accept.accept(token, PASSWORD))).toBe('INVITATION_EXPIRED');
    expect(await reasonOf(identity.accept.accept(`${token}x`, PASSWORD))).toBe('INVITATION_INVALID');
  });

  it('an address has one account in a tenant, without regard to case, and may have one in another', async () => {
    await inviting('cem@example.org', ['agent']);
    expect(await reasonOf(inviting('CEM@example.org', ['auditor']))).toBe('MEMBER_EXISTS');
    const elsewhere = identity.inviteMember.invite(identity.member(other.tenantId, other.ownerId), {
      ...{ requestId: newId(), email: 'cem@example.org', name: 'Cem', roles: ['agent'] },
    });
    expect(await reasonOf(elsewhere)).toBe('accepted');
  });

  it('a repeated request invites nobody twice and says the same token', async () => {
    const requestId = newId();
    const first = await inviting('dora@example.org', ['auditor'], { requestId });
    expect(await inviting('dora@example.org', ['auditor'], { requestId })).toEqual(first);
    expect(await reasonOf(inviting('dora@example.org', ['agent'], { requestId }))).toBe('REQUEST_ID_REUSED');
  });

  it('an admin makes no owner, by the roles that the row says and not the token', async () => {
    const eve = await identity.invited(acme.tenantId, 'eve@example.org', ['admin']);
    const byEve = (roles: string[]) =>
      reasonOf(
        identity.inviteMember.invite(identity.member(acme.tenantId, eve.memberId), {
          ...{ requestId: newId(), email: `${newId()}@example.org`, name: 'X', roles },
        }),
      );
    expect(await byEve(['compliance_officer'])).toBe('accepted');
    expect(await byEve(['agent', 'owner'])).toBe('ROLE_ABOVE_OWN');
    expect(await byEve(['root'])).toBe('INVALID_ARGUMENT');
  });

  describe('I8', () => {
    const rowsSeen = async (tenantId: string, table: string) => {
      const rows = await identity.uow.run(tenantId, (tx) =>
        tx.query<{ tenant_id: string }>(`select tenant_id from ${table}`),
      );
      return new Set(rows.map((row) => row.tenant_id));
    };

    it('a tenant sees its own rows in every table and no others', async () => {
      await identity.signIn.signIn(acme.slug, acme.email, PASSWORD, HERE);
      await identity.signIn.signIn(other.slug, other.email, PASSWORD, HERE);
      for (const table of ['tenant', 'member', 'invitation', 'session', 'refresh_token']) {
        expect([table, await rowsSeen(acme.tenantId, table)]).toEqual([table, new Set([acme.tenantId])]);
      }
    });

    it('whoever stands outside tenants sees which there are, and none of their people', async () => {
      expect((await rowsSeen(NIL_UUID, 'tenant')).size).toBeGreaterThanOrEqual(2);
      for (const table of ['member', 'invitation', 'session', 'refresh_token']) {
        expect([table, (await rowsSeen(NIL_UUID, table)).has(acme.tenantId)]).toEqual([table, false]);
      }
    });

    it('a tenant neither founds another nor writes into one', async () => {
      const refused = async (work: (tx: Tx) => Promise<unknown>) =>
        sqlstate(await identity.uow.run(acme.tenantId, work).catch((error: unknown) => error));
      expect(
        await refused((tx) =>
          tx.execute(`insert into tenant values ($1, 'mine', 'Mine', $2)`, [newId(), identity.clock.now()]),
        ),
      ).toBe('42501');
      expect(
        await refused((tx) =>
          tx.execute('update member set tenant_id = $1 where member_id = $2', [other.tenantId, acme.ownerId]),
        ),
      ).toBe('42501');
    });
  });

  it('I5 nobody who was erased gets an account, a session or an invitation again', async () => {
    const { memberId, token } = await identity.invited(acme.tenantId, 'gone@example.org');
    await identity.accept.accept(token, PASSWORD);
    const { refresh_token } = await identity.signIn.signIn(acme.slug, 'gone@example.org', PASSWORD, HERE);
    await identity.uow.run(
      acme.tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, [memberId], 'member');
        for (const table of ['refresh_token', 'session', 'invitation', 'member']) {
          await tx.execute(`delete from ${table} where member_id = $1`, [memberId]);
        }
        await raiseFence(tx, [memberId]);
      },
      { role: 'eraser' },
    );
    expect(await reasonOf(identity.refresh.refresh(refresh_token))).toBe('REFRESH_TOKEN_INVALID');
    expect(await reasonOf(identity.signIn.signIn(acme.slug, 'gone@example.org', PASSWORD, HERE))).toBe(
      'SIGN_IN_REFUSED',
    );
    const back = identity.uow.run(acme.tenantId, (tx) =>
      tx.execute(
        `insert into session (tenant_id, session_id, member_id, created_at, refreshed_at, expires_at)
         values ($1, $2, $3, $4, $4, $4)`,
        [acme.tenantId, newId(), memberId, identity.clock.now()],
      ),
    );
    expect(await reasonOf(back)).toBe('SUBJECT_ERASED');
  });
});
