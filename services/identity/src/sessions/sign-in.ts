import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, NIL_UUID, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { AccessTokens } from '../keys/access-tokens.js';
import { type MemberEntity } from '../members/member.entity.js';
import { failuresOf, memberByEmail, saveFailures } from '../members/member.store.js';
import { PasswordHashing } from '../passwords/password-hashing.js';
import { tenantIdOfSlug } from '../tenants/tenant.store.js';
import { issued, newRefreshToken, type IssuedTokens } from './issue-tokens.js';
import { isLocked, lockedUntil } from './lock-out.js';
import { beginSession } from './session.store.js';
import { SourceLimit } from './source-limit.js';

const signIns = metrics.counter('heed_sign_ins_total', {
  description: 'Tries to sign in, by outcome; many refused ones are somebody guessing.',
});

/**
 * Password to tokens. Every refusal is the same one, and takes the same work: whether a tenant or an address exists,
 * whether an account is locked or has no password yet, nobody learns from outside.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly hashing: PasswordHashing,
    private readonly accessTokens: AccessTokens,
    private readonly sources: SourceLimit,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async signIn(slug: string, email: string, password: string, source: string): Promise<IssuedTokens> {
    if (this.sources.isClosed(source)) {
      signIns.add(1, { outcome: 'source_closed' });
      throw refusal('SIGN_IN_SOURCE_WAITS');
    }
    const tenantId = await this.tenantOf(slug);
    const member = await this.hashing.checking(async (check) => {
      const known = await this.uow.run(tenantId, (tx) => memberByEmail(tx, email));
      const open = known?.state === 'active' && !isLocked(known.lockedUntil, this.clock.now());
      const right = await check(open ? (known.passwordHash ?? undefined) : undefined, password);
      if (known && right) return known;
      this.sources.countFailure(source);
      await this.countFailure(tenantId, open ? known.memberId : undefined);
      signIns.add(1, { outcome: 'refused' });
      throw refusal('SIGN_IN_REFUSED');
    });
    return this.begin(member);
  }

  /** A slug that nobody has leads to a tenant that nobody has, where all that follows finds nothing. */
  private async tenantOf(slug: string): Promise<string> {
    if (slug === '') return NIL_UUID;
    const found = await this.uow.runAcross('service', (tx) => tenantIdOfSlug(tx, slug));
    return found ?? newId();
  }

  /** Without an account the same statements run, for nobody: the time they take tells nothing. */
  private countFailure(tenantId: string, memberId: string = newId()): Promise<void> {
    return this.uow.run(tenantId, async (tx) => {
      const failures = ((await failuresOf(tx, memberId)) ?? 0) + 1;
      await saveFailures(tx, memberId, failures, lockedUntil(failures, this.clock.now()) ?? null);
    });
  }

  private async begin(member: MemberEntity): Promise<IssuedTokens> {
    const at = this.clock.now();
    const session = { sessionId: newId(), memberId: member.memberId };
    const { text, ...token } = newRefreshToken(member.tenantId, at);
    await this.uow.run(member.tenantId, async (tx) => {
      if (member.failedSignIns > 0) await saveFailures(tx, member.memberId, 0, null);
      await beginSession(tx, session, token, at);
    });
    signIns.add(1, { outcome: 'accepted' });
    return issued(this.accessTokens, member, session.sessionId, text);
  }
}
