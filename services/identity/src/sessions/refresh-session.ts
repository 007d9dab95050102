import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { AccessTokens } from '../keys/access-tokens.js';
import { readToken } from '../keys/one-time-token.js';
import { memberById } from '../members/member.store.js';
import { issued, newRefreshToken, type IssuedTokens } from './issue-tokens.js';
import { verdictOn } from './session.js';
import { endSession, lockByToken, rotate } from './session.store.js';

const reuses = metrics.counter('heed_refresh_reuse_total', {
  description: 'Sessions ended because a refresh token was shown twice: somebody else may have had it.',
});

/** Exchanges a refresh token for new tokens, with the roles that the member holds now. */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly accessTokens: AccessTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async refresh(refreshToken: string): Promise<IssuedTokens> {
    const shown = readToken('refresh', refreshToken);
    if (!shown) throw refusal('REFRESH_TOKEN_INVALID');
    const next = newRefreshToken(shown.tenantId, this.clock.now());
    const outcome = await this.uow.run(shown.tenantId, async (tx) => {
      const { token, session } = await lockByToken(tx, shown.hash);
      const at = this.clock.now();
      const verdict = verdictOn(token, session, at);
      if (!session || verdict === 'refuse') return undefined;
      if (verdict === 'end') {
        await endSession(tx, session, 'reuse', at);
        return 'reused';
      }
      const member = await memberById(tx, session.memberId);
      if (member.state !== 'active') return undefined;
      await rotate(tx, session, shown.hash, next, at);
      return { member, sessionId: session.sessionId };
    });
    // Refused here and not within: the end of the session must be committed.
    if (outcome === undefined) throw refusal('REFRESH_TOKEN_INVALID');
    if (outcome === 'reused') {
      reuses.add(1);
      throw refusal('REFRESH_TOKEN_REUSED');
    }
    return issued(this.accessTokens, outcome.member, outcome.sessionId, next.text);
  }
}
