import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { failuresOf, memberByEmail } from '../members/member.store.js';
import { AskForNotice } from '../notices/ask-for-notice.js';
import { wasAskedSince } from '../notices/member-notice.store.js';
import { SourceLimit } from '../sessions/source-limit.js';
import { tenantIdOfSlug } from '../tenants/tenant.store.js';

/** Every answer takes as long as this: what is done for an account that exists is over by then. */
const ANSWERED_AFTER_MS = 300;
/** Whoever asks for somebody else again and again fills no mailbox. */
const ONE_EVERY_MS = 5 * 60_000;

const asked = metrics.counter('heed_password_resets_asked_total', {
  description:
    'Links that set a password, asked for; by what became of it. Many for nobody: somebody guesses',
});

/**
 * Somebody says that they do not know their password. Known and unknown addresses are answered alike and in like time;
 * who has an account learns it from the mail. The link is made when the mail leaves, and kept nowhere.
 */
@Injectable()
export class AskForReset {
  private readonly sources: SourceLimit;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly notices: AskForNotice,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    // Its own: who asks for links does not keep others behind the same address from signing in.
    this.sources = new SourceLimit(clock);
  }

  async ask(slug: string, email: string, source: string): Promise<void> {
    if (this.sources.isClosed(source)) throw refusal('RESET_SOURCE_WAITS');
    this.sources.countFailure(source);
    const answer = this.clock.wait(ANSWERED_AFTER_MS);
    // Both: a failure is told no earlier than a success.
    const [done] = await Promise.allSettled([this.look(slug, email), answer]);
    if (done.status === 'rejected') throw done.reason;
    asked.add(1, { outcome: done.value });
  }

  private async look(slug: string, email: string): Promise<'told' | 'nobody' | 'again_too_soon'> {
    const tenantId = await this.uow.runAcross('service', (tx) => tenantIdOfSlug(tx, slug));
    return this.uow.run(tenantId ?? newId(), async (tx) => {
      const member = await memberByEmail(tx, email);
      if (member?.state !== 'active') return 'nobody';
      // Locks the account's row: of many asks at one moment the first one counts.
      await failuresOf(tx, member.memberId);
      const recently = new Date(this.clock.now().getTime() - ONE_EVERY_MS);
      if (await wasAskedSince(tx, member.memberId, 'password_reset', recently)) return 'again_too_soon';
      await this.notices.ask(tx, member.memberId, 'password_reset');
      return 'told';
    });
  }
}
