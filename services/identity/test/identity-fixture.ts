import { newId, NIL_UUID, SigningKey, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay, rpcMigrations } from '@heed/rpc';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { invite } from '../src/invitations/invite.js';
import { AcceptInvitation } from '../src/invitations/accept-invitation.js';
import { InvitationEntity } from '../src/invitations/invitation.entity.js';
import { AccessTokens } from '../src/keys/access-tokens.js';
import { InviteMember } from '../src/members/invite-member.js';
import { MemberEntity } from '../src/members/member.entity.js';
import { PasswordHashing } from '../src/passwords/password-hashing.js';
import { RefreshSession } from '../src/sessions/refresh-session.js';
import { RefreshTokenEntity } from '../src/sessions/refresh-token.entity.js';
import { SessionEntity } from '../src/sessions/session.entity.js';
import { SignIn } from '../src/sessions/sign-in.js';
import { FoundTenant } from '../src/tenants/found-tenant.js';

export const migrations = { name: 'identity', directory: new URL('../migrations/', import.meta.url) };
export const PASSWORD = 'orchid-lantern-47';

/** Identity's use cases on a database of their own, at a time that the spec moves. */
export class IdentityFixture {
  readonly clock = new TestClock();
  readonly hashing = new PasswordHashing();
  readonly accessTokens = new AccessTokens(SigningKey.generate(), this.clock, 3_600);
  readonly uow: UnitOfWork;
  readonly signIn: SignIn;
  readonly refresh: RefreshSession;
  readonly accept: AcceptInvitation;
  readonly foundTenant: FoundTenant;
  readonly inviteMember: InviteMember;

  private constructor(readonly database: TestDatabase) {
    const opened = database.open({
      entities: [MemberEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
    });
    const { clock, hashing, accessTokens } = this;
    const replay = new RequestReplay(clock);
    this.uow = new UnitOfWork(opened);
    this.signIn = new SignIn(this.uow, hashing, accessTokens, clock);
    this.refresh = new RefreshSession(this.uow, accessTokens, clock);
    this.accept = new AcceptInvitation(this.uow, hashing, clock);
    this.foundTenant = new FoundTenant(this.uow, replay, clock);
    this.inviteMember = new InviteMember(this.uow, replay, clock);
  }

  static async create(): Promise<IdentityFixture> {
    return new IdentityFixture(await createTestDatabase('identity', [rpcMigrations, migrations]));
  }

  operator(): Caller {
    return this.caller('operator', NIL_UUID, newId());
  }

  member(tenantId: string, memberId: string): Caller {
    return this.caller('member', tenantId, memberId);
  }

  /** A tenant with an owner who has set a password. */
  async tenant(): Promise<{ tenantId: string; slug: string; ownerId: string; email: string }> {
    const slug = `t-${newId()}`.slice(0, 30) + 'x';
    const email = `owner@${slug}.example.org`;
    const founded = await this.foundTenant.found(this.operator(), {
      ...{ requestId: newId(), slug, name: 'Acme', ownerEmail: email, ownerName: 'Ada' },
    });
    await this.accept.accept(founded.invitationToken, PASSWORD);
    return { tenantId: founded.tenant?.tenantId ?? '', slug, ownerId: founded.ownerId, email };
  }

  /** Somebody invited, who has not set a password yet. */
  invited(tenantId: string, email: string, roles = ['agent']): Promise<{ memberId: string; token: string }> {
    return this.uow.run(tenantId, async (tx) => {
      const { member, token } = await invite(tx, { email, name: 'Ben', roles }, this.clock.now());
      return { memberId: member.memberId, token };
    });
  }

  private caller(kind: Caller['kind'], tenantId: string, actorId: string): Caller {
    return {
      ...{ kind, tenantId, actorId, permissions: new Set<string>(), method: '/test/Method' },
      deadline: new Date(this.clock.now().getTime() + 60_000),
    };
  }
}

/** The reason that a piece of work is refused with. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
  return 'accepted';
}
