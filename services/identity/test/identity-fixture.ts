import { randomBytes } from 'node:crypto';
import { dataRightsMigrations, DueWork } from '@heed/data-rights';
import {
  contactsV1,
  type identityV1,
  MemberMessageRequested,
  permissionsOf,
  type privacyV1,
  topics,
  typesV1,
} from '@heed/contracts';
import { eventMigrations, Outbox } from '@heed/events';
import { newId, NIL_UUID, sha256, SigningKey, type Caller } from '@heed/kernel';
import { OwnPermits } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay, rpcMigrations, type RpcClients } from '@heed/rpc';
import { type Sealing } from '@heed/sealing';
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
import { AskForNotice } from '../src/notices/ask-for-notice.js';
import { MemberNoticeEntity } from '../src/notices/member-notice.entity.js';
import { AskForReset } from '../src/passwords/ask-for-reset.js';
import { PasswordHashing } from '../src/passwords/password-hashing.js';
import { PasswordResetEntity } from '../src/passwords/password-reset.entity.js';
import { ResetPassword } from '../src/passwords/reset-password.js';
import { type MemberLeave, MemberPeople } from '../src/permits/member-people.js';
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
export const ACCOUNT_URL = 'https://acme.example/account';

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
  readonly askForReset: AskForReset;
  readonly resetPassword: ResetPassword;
  /** The key that signs permits. */
  readonly key = SigningKey.generate();
  readonly permits: OwnPermits<MemberLeave>;

  private constructor(readonly database: TestDatabase) {
    const opened = database.open({
      entities: [
        ...[MemberEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
        ...[ApiKeyEntity, AuditDueEntity, MemberNoticeEntity, PasswordResetEntity],
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
    const settings = { HEED_ACCOUNT_URL: ACCOUNT_URL };
    const outbox = new Outbox({ service: 'identity', topics, clock, committed: () => undefined });
    const notices = new AskForNotice(outbox, settings, clock);
    this.foundTenant = new FoundTenant(this.uow, replay, notices, clock);
    this.inviteMember = new InviteMember(this.uow, replay, notices, audit, clock);
    this.askForReset = new AskForReset(this.uow, notices, clock);
    this.resetPassword = new ResetPassword(this.uow, hashing, clock);
    const people = new MemberPeople(hashing34, settings);
    this.permits = new OwnPermits(people, this.uow, this.key, clock);
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

  /** Messages that messaging was asked to send to this member, oldest first. */
  async messagesFor(memberId: string): Promise<identityV1.MemberMessageRequested[]> {
    const rows = await this.uow.runAcross('relay', (tx) =>
      tx.query<{ payload: Buffer; type: string }>('select payload, type from heed.outbox order by seq'),
    );
    return rows
      .filter(({ type }) => type === MemberMessageRequested.name)
      .map(({ payload }) => MemberMessageRequested.codec.decode(payload))
      .filter((message) => message.memberId === memberId);
  }

  /** What messaging would ask for a message. */
  ask(
    message: { messageId: string; memberId: string },
    change: Partial<contactsV1.PermitAsk> = {},
  ): contactsV1.PermitAsk {
    return contactsV1.PermitAsk.fromPartial({
      ...{ attemptId: message.messageId, contactId: message.memberId, purpose: 'security' },
      ...{ channel: typesV1.Channel.CHANNEL_EMAIL, nonce: randomBytes(16) },
      ...{ templateFields: ['name', 'tenant', 'link', 'token'], ...change },
    });
  }

  issue(tenantId: string, ...asks: contactsV1.PermitAsk[]): Promise<contactsV1.BatchIssuePermitsResponse> {
    return this.permits.issue(this.caller('service', tenantId, 'messaging'), asks);
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

/** Hashes of addresses under a key that nobody needs to know. */
const hashing34 = {
  keyedHashes: async (tenantId: string, purpose: string, values: readonly string[]) =>
    values.map((value) =>
      Buffer.concat([Buffer.of(1, 1), sha256(Buffer.from(`${tenantId} ${purpose} ${value}`))]),
    ),
} as unknown as Sealing;

/** The reason that a piece of work is refused with. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
  return 'accepted';
}
