import { permissionsOf, type privacyV1 } from '@heed/contracts';
import { dataRightsMigrations, DueWork } from '@heed/data-rights';
import { eventMigrations } from '@heed/events';
import { newId, NIL_UUID, SigningKey, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay, rpcMigrations, type RpcClients } from '@heed/rpc';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { ApiKeyEntity } from '../src/api-keys/api-key.entity.js';
import { CreateApiKey } from '../src/api-keys/create-api-key.js';
import { ExchangeApiKey } from '../src/api-keys/exchange-api-key.js';
import { RevokeApiKey } from '../src/api-keys/revoke-api-key.js';
import { AuditDueEntity } from '../src/audit/audit-due.entity.js';
import { TellAudit } from '../src/audit/tell-audit.js';
import { invite } from '../src/invitations/invite.js';
import { AcceptInvitation } from '../src/invitations/accept-invitation.js';
import { InvitationEntity } from '../src/invitations/invitation.entity.js';
import { AccessTokens } from '../src/keys/access-tokens.js';
import { TokenKeys } from '../src/keys/token-keys.js';
import { InviteMember } from '../src/members/invite-member.js';
import { UnlockMember } from '../src/members/unlock-member.js';
import { MemberEntity } from '../src/members/member.entity.js';
import { PasswordHashing } from '../src/passwords/password-hashing.js';
import { RefreshSession } from '../src/sessions/refresh-session.js';
import { RefreshTokenEntity } from '../src/sessions/refresh-token.entity.js';
import { SessionEntity } from '../src/sessions/session.entity.js';
import { SignIn } from '../src/sessions/sign-in.js';
import { SourceLimit } from '../src/sessions/source-limit.js';
import { FoundTenant } from '../src/tenants/found-tenant.js';

export const migrations = { name: 'identity', directory: new URL('../migrations/', import.meta.url) };
export const PASSWORD = 'orchid-lantern-47';
/** Where a spec signs in from. */
export const HERE = '192.0.2.1';

/** Identity's use cases on a database of their own, at a time that the spec moves. */
export class IdentityFixture {
  readonly clock = new TestClock();
  readonly hashing = new PasswordHashing();
  /** What the file of the token key holds. */
  tokenKey = SigningKey.generate();
  readonly accessTokens: AccessTokens;
  readonly uow: UnitOfWork;
  readonly due: DueWork;
  /** What privacy was told. */
  readonly audited: privacyV1.AuditEntry[] = [];
  /** Where privacy takes nothing. */
  privacyIsAway = false;
  readonly createKey: CreateApiKey;
  readonly revokeKey: RevokeApiKey;
  readonly exchangeKey: ExchangeApiKey;
  readonly unlock: UnlockMember;
  readonly signIn: SignIn;
  readonly refresh: RefreshSession;
  readonly accept: AcceptInvitation;
  readonly foundTenant: FoundTenant;
  readonly inviteMember: InviteMember;

  private constructor(readonly database: TestDatabase) {
    const opened = database.open({
      entities: [
        ...[MemberEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
        ...[ApiKeyEntity, AuditDueEntity],
      ],
    });
    const { clock, hashing } = this;
    const replay = new RequestReplay(clock);
    this.uow = new UnitOfWork(opened);
    const accessTokens = new AccessTokens(this.tokenKeys(), clock, 600);
    this.accessTokens = accessTokens;
    const log = logger({ service: 'identity' }, { clock, write: () => undefined });
    this.due = new DueWork({ work: this.uow, clock, log });
    const audit = new TellAudit(this.uow, this.due, this.privacy(), clock);
    audit.onModuleInit();
    this.createKey = new CreateApiKey(this.uow, replay, audit, clock);
    this.revokeKey = new RevokeApiKey(this.uow, audit, clock);
    this.exchangeKey = new ExchangeApiKey(this.uow, accessTokens, clock);
    this.unlock = new UnlockMember(this.uow, audit);
    this.signIn = new SignIn(this.uow, hashing, accessTokens, new SourceLimit(clock), clock);
    this.refresh = new RefreshSession(this.uow, accessTokens, clock);
    this.accept = new AcceptInvitation(this.uow, hashing, clock);
    this.foundTenant = new FoundTenant(this.uow, replay, clock);
    this.inviteMember = new InviteMember(this.uow, replay, clock);
  }

  static async create(): Promise<IdentityFixture> {
    return new IdentityFixture(
      await createTestDatabase('identity', [
        eventMigrations,
        rpcMigrations,
        dataRightsMigrations,
        migrations,
      ]),
    );
  }

  /** The keys as another replica has them, which reads the same file. */
  tokenKeys(): TokenKeys {
    return new TokenKeys(this.uow, this.clock, { key: () => this.tokenKey });
  }

  operator(): Caller {
    return this.caller('operator', NIL_UUID, newId());
  }

  member(tenantId: string, memberId: string, roles: string[] = []): Caller {
    return { ...this.caller('member', tenantId, memberId), permissions: permissionsOf(roles) };
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

  private privacy(): RpcClients {
    const recordAccess = async ({ entries }: privacyV1.RecordAccessRequest) => {
      if (this.privacyIsAway) throw new Error('away');
      this.audited.push(...entries);
      return {};
    };
    return { of: () => ({ recordAccess }) } as unknown as RpcClients;
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
