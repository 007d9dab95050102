import { Inject, Injectable } from '@nestjs/common';
import { countRefused, readQuarantine, REFUSED_ERASED } from '@heed/events';
import { CLOCK, type Clock } from '@heed/kernel';
import { admitSubjects, type Tx } from '@heed/postgres';
import { AnnounceConclusions } from './announce-conclusions.js';
import { RESTORED, RESTORING, skipped, unknown, type Conclusion, type Dispatch } from './attempt.js';
import { AttemptStore } from './attempt.store.js';
import { SendingTenantStore } from './sending-tenant.store.js';
import { WorkBell } from './work-bell.js';

/** The consumer group that requests arrive by. */
export const DISPATCH_GROUP = 'messaging.dispatch';

/** Requests to send become attempts that wait for a sender; each is answered once, whatever becomes of it. */
@Injectable()
export class AcceptDispatch {
  constructor(
    private readonly attempts: AttemptStore,
    private readonly tenants: SendingTenantStore,
    private readonly announce: AnnounceConclusions,
    private readonly bell: WorkBell,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All of one kind of people. */
  async accept(tx: Tx, dispatches: readonly Dispatch[], kind = 'contact'): Promise<void> {
    if (dispatches.length === 0) return;
    const at = this.clock.now();
    const { living, erased } = await this.parted(tx, dispatches, kind, at);
    await this.answerFor(tx, erased, skipped('erased'), at);
    if (living.length === 0) return;
    await this.attempts.enqueue(tx, living, at);
    await this.tenants.remember(tx, tx.tenantId, at);
    tx.afterCommit(() => this.bell.ring(tx.tenantId));
  }

  /**
   * What was asked for in a past that this database lost (a restore). It may have been sent then: nobody can tell, so
   * nobody sends, and it is answered as unknown (ATTACKS 7.1). While the service catches up it waits for what was told of
   * it then (restores/).
   */
  async acceptReplayed(tx: Tx, dispatches: readonly Dispatch[], kind = 'contact'): Promise<void> {
    if (dispatches.length === 0) return;
    const at = this.clock.now();
    const isCatchingUp = (await readQuarantine(tx)) !== undefined;
    const { living, erased } = await this.parted(tx, dispatches, kind, at);
    await this.answerFor(tx, erased, unknown(RESTORED), at);
    const end = unknown(isCatchingUp ? RESTORING : RESTORED);
    const ended = await this.attempts.insertConcluded(tx, living, end, at);
    if (isCatchingUp) return;
    await this.answerFor(
      tx,
      living.filter(({ attemptId }) => ended.has(attemptId)),
      end,
      at,
    );
  }

  private async parted(
    tx: Tx,
    dispatches: readonly Dispatch[],
    kind: string,
    at: Date,
  ): Promise<{ living: Dispatch[]; erased: Dispatch[] }> {
    const alive = await admitSubjects(
      tx,
      dispatches.map(({ contactId }) => contactId),
      kind,
    );
    const living = dispatches.filter(({ contactId }) => alive.has(contactId));
    // No row may be about them any more; campaigns is told all the same, or its ledger would stay open for ever.
    const erased = dispatches.filter(({ contactId }) => !alive.has(contactId));
    await countRefused(tx, DISPATCH_GROUP, REFUSED_ERASED, at, erased.length);
    return { living, erased };
  }

  private answerFor(
    tx: Tx,
    dispatches: readonly Dispatch[],
    { outcome, reason }: Conclusion,
    at: Date,
  ): Promise<void> {
    return this.announce.of(
      tx,
      dispatches.map(({ attemptId, intentId, campaignId, contactId }) => ({
        ...{ attemptId, intentId, campaignId, contactId, outcome, reason },
      })),
      at,
    );
  }
}
