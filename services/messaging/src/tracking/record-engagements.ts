import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { contactsV1, EngagementRecorded, typesV1 } from '@heed/contracts';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients, type Client } from '@heed/rpc';
import { metrics } from '@heed/telemetry';
import { type MessagingSettings } from '../settings.js';
import { type EngagementEntity } from './engagement.entity.js';
import { type Seen } from './engagement.js';
import { EngagementStore, rowOf, type TrackedAttempt } from './engagement.store.js';
import { countsOf, differenceOf, judgeEngagements, type Judgeable } from './judge-engagements.js';

/** The purpose of the consent, as contacts has it. */
const TRACKING = 'tracking';
const DAY_MS = 24 * 3_600_000;
/** Kept of one message: what comes on top is a machine's that fetches for ever, or nothing new. */
const MOST_OF_ONE = 60;

const recorded = metrics.counter('heed_engagements_recorded_total', {
  description: 'Opens and clicks written down, by kind and whether a machine did them',
});
const ignored = metrics.counter('heed_engagements_ignored_total', {
  description:
    'Opens and clicks not written down, by why: no consent (any more), erased or expired, too many',
});

interface Concerning {
  seen: Seen;
  attempt: TrackedAttempt;
}

/**
 * Writes down what was done with messages, of people who agree to it at this moment: contacts is asked each time, so
 * that nothing is recorded after a withdrawal, whatever was agreed to when the message left. What is known of a message
 * is judged anew as a whole, and the others are told by how much its counts changed.
 */
@Injectable()
export class RecordEngagements {
  private readonly consent: Client<contactsV1.ConsentServiceService>;
  private readonly keepMs: number;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: EngagementStore,
    private readonly outbox: Outbox,
    rpc: RpcClients,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) settings: Pick<MessagingSettings, 'HEED_TRACKING_KEEP_DAYS'>,
  ) {
    this.consent = rpc.of(contactsV1.ConsentServiceService, 'contacts');
    this.keepMs = settings.HEED_TRACKING_KEEP_DAYS * DAY_MS;
  }

  /** Throws where contacts or the database cannot be reached: nothing was recorded. At most 500. */
  async record(tenantId: string, seen: readonly Seen[]): Promise<void> {
    const concerning = await this.concerning(tenantId, seen);
    if (concerning.length === 0) return;
    const contactIds = [...new Set(concerning.map(({ attempt }) => attempt.contactId))];
    const answer = await this.consent.filterAgreeing(
      { contactIds, channel: typesV1.Channel.CHANNEL_EMAIL, purpose: TRACKING },
      { tenantId, timeoutMs: 2_000 },
    );
    const agreeing = new Set(answer.contactIds);
    await this.uow.run(tenantId, async (tx) => {
      const living = await lockSubjects(tx, [...agreeing]);
      const mine = concerning.filter(({ attempt }) => living.has(attempt.contactId));
      ignored.add(concerning.length - mine.length, { reason: 'no_consent' });
      await this.write(tx, mine);
    });
  }

  /** What belongs to a message of which something is still recorded. */
  private async concerning(tenantId: string, seen: readonly Seen[]): Promise<Concerning[]> {
    const attempts = await this.uow.run(tenantId, (tx) =>
      this.store.attempts(
        tx,
        seen.map(({ attemptId }) => attemptId),
      ),
    );
    const concerning = seen.flatMap((one) => {
      const attempt = attempts.get(one.attemptId);
      const isTheirs = attempt && (one.templateId ?? attempt.templateId) === attempt.templateId;
      return isTheirs && one.at < this.expiryOf(attempt) ? [{ seen: one, attempt }] : [];
    });
    ignored.add(seen.length - concerning.length, { reason: 'gone' });
    return concerning;
  }

  private async write(tx: Tx, concerning: readonly Concerning[]): Promise<void> {
    if (concerning.length === 0) return;
    const attempts = new Map(concerning.map(({ attempt }) => [attempt.attemptId, attempt]));
    await this.store.lock(tx, [...attempts.keys()]);
    const before = Map.groupBy(await this.store.of(tx, [...attempts.keys()]), ({ attemptId }) => attemptId);
    const added = Map.groupBy(concerning, ({ attempt }) => attempt.attemptId);
    for (const [attemptId, attempt] of attempts) {
      const known = before.get(attemptId) ?? [];
      const news = this.newRows(tx, added.get(attemptId)!, known.length);
      await this.writeOne(tx, attempt, known, news);
    }
  }

  private newRows(tx: Tx, concerning: readonly Concerning[], known: number): EngagementEntity[] {
    // A trap judges the others: it has a place while there is one.
    const inOrder = [...concerning].sort(
      (a, b) => Number(b.seen.kind === 'trap') - Number(a.seen.kind === 'trap'),
    );
    const kept = inOrder.slice(0, Math.max(0, MOST_OF_ONE - known));
    ignored.add(inOrder.length - kept.length, { reason: 'too_many' });
    return kept.map(({ seen, attempt }) =>
      rowOf(tx.tenantId, newId(), seen, attempt, this.expiryOf(attempt)),
    );
  }

  private async writeOne(
    tx: Tx,
    { attemptId, contactId, campaignId, step, handedOverAt }: TrackedAttempt,
    known: readonly EngagementEntity[],
    news: readonly EngagementEntity[],
  ): Promise<void> {
    const reasons = judgeEngagements([...known, ...news].map(judgeable), handedOverAt);
    const judged = (row: EngagementEntity) => ({ ...row, reason: reasons.get(row.engagementId)! });
    const changed = known.map(judged).filter(({ reason }, index) => reason !== known[index]!.reason);
    await this.store.insert(tx, news.map(judged));
    await this.store.rejudge(tx, changed);
    const difference = differenceOf(countsOf(known), countsOf([...known, ...news].map(judged)));
    if (difference && campaignId !== undefined) {
      const recordedAt = this.clock.now().toISOString();
      await this.outbox.add(tx, EngagementRecorded, {
        ...{ attemptId, campaignId, step, contactId, ...difference, recordedAt },
      });
    }
    tx.afterCommit(() => {
      for (const { kind, reason } of news.map(judged))
        recorded.add(1, { kind, outcome: reason === '' ? 'person' : 'machine' });
    });
  }

  private expiryOf({ armedAt }: TrackedAttempt): Date {
    return new Date(armedAt.getTime() + this.keepMs);
  }
}

function judgeable({
  engagementId,
  kind,
  link,
  links: of,
  evidence,
  occurredAt: at,
}: EngagementEntity): Judgeable {
  return { engagementId, kind, link, of, evidence, at };
}
