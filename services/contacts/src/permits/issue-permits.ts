import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SIGN_UP_CONFIRMATION, type contactsV1 } from '@heed/contracts';
import { CLOCK, newId, SigningKey, type Clock } from '@heed/kernel';
import { lockSubjects, sqlstate, UnitOfWork, type Tx } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { TRACKING } from '../consent/consent.js';
import { type ContactRules } from '../contact-rules/contact-rules.js';
import { RulesInForce } from '../contact-rules/rules-in-force.js';
import { refusal } from '../errors.js';
import { OptOutLinks } from '../links/opt-out-links.js';
import { SignUpPermits } from '../sign-ups/sign-up-permits.js';
import { agreeingTo } from './agreeing.js';
import { Durability } from './durability.js';
import { capsOn, hoursFor } from './own-rules.js';
import { signedBatch } from './permit-batch.js';
import { denied, LEAST_REMAINING_MS, type Ask, type Verdict } from './permit.js';
import { judgeAndIssue, lockMidnight, type NewPermit } from './permit.store.js';
import { issueWithinCaps } from './places.js';
import { Quarantine } from './quarantine.js';

export interface Asking {
  tenantId: string;
  /** The service that asks. */
  service: string;
  deadline: Date;
}

const SALT_BYTES = 16;
const answered = metrics.counter('heed_permits_answered_total', { description: 'Asks answered, by outcome' });

/**
 * Answers a batch of questions. Issuing is a write: the row of each permit is committed on the primary before anybody
 * learns an address, so a primary that was cut off, whose commit cannot succeed, issues nothing.
 */
@Injectable()
export class IssuePermits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly links: OptOutLinks,
    private readonly key: SigningKey,
    private readonly quarantine: Quarantine,
    private readonly durability: Durability,
    private readonly rules: RulesInForce,
    private readonly signUps: SignUpPermits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async issue(asking: Asking, asks: readonly Ask[]): Promise<contactsV1.BatchIssuePermitsResponse> {
    const at = this.clock.now();
    const verdicts = await this.judge(asking, asks, at);
    for (const verdict of verdicts) answered.add(1, { outcome: verdict.denied ?? 'issued' });
    // The rows are committed. If the answer is lost from here on, they stand for permits that nobody used.
    const links = await this.linksFor(asking.tenantId, verdicts);
    return signedBatch({ tenantId: asking.tenantId, verdicts, links, at, key: this.key });
  }

  /** Mails carry a link. Whoever is called says it; and who is asked whether they sign up has nothing to leave yet. */
  private async linksFor(tenantId: string, verdicts: readonly Verdict[]): Promise<Map<Verdict, string>> {
    const mailed = verdicts.filter(
      ({ ask, issued }) => issued && ask.channel === 'email' && !isOfSignUp(ask),
    );
    const urls = await this.links.mint(
      tenantId,
      mailed.map(({ ask: { contactId, channel, purpose, sender }, issued }) => {
        return { tenantId, contactId, endpointHash: issued!.endpointHash, channel, purpose, sender };
      }),
    );
    return new Map(mailed.map((verdict, index) => [verdict, urls[index]!]));
  }

  private async judge(asking: Asking, asks: readonly Ask[], at: Date): Promise<Verdict[]> {
    const all = (reason: 'quarantine' | 'too_late'): Verdict[] => asks.map((ask) => denied(ask, reason, at));
    const remaining = (): number => asking.deadline.getTime() - this.clock.now().getTime();
    if (this.quarantine.isOn()) return all('quarantine');
    if (remaining() < LEAST_REMAINING_MS) return all('too_late');
    const signingUp = asks.filter(isOfSignUp);
    // Before the transaction: the others in the batch need no database of keys.
    const opened = await this.signUps.open(asking.tenantId, signingUp, remaining());
    try {
      return await this.uow.run(
        asking.tenantId,
        async (tx) => {
          // Waiting for a connection took its part: under overload every answer would arrive dead (ATTACKS 2.13).
          if (remaining() < LEAST_REMAINING_MS) return all('too_late');
          await this.durability.demand(tx);
          // Erasures wait for the commit; whoever is dead already has no row that a permit could rest on.
          const living = await lockSubjects(tx, [...new Set(asks.map((ask) => ask.contactId))]);
          await lockMidnight(tx, at);
          // Nobody agreed to be written to who agreed to be tracked.
          const isJudged = (ask: Ask) =>
            living.has(ask.contactId) && ask.purpose !== TRACKING && !isOfSignUp(ask);
          const ofSignUps = await this.signUps.judge(
            tx,
            signingUp.filter((ask) => living.has(ask.contactId)),
            { opened, issuedTo: asking.service, at },
          );
          const judged = await this.byRulesInForce(tx, asking, asks.filter(isJudged), at);
          await this.sayWhoMayBeTracked(tx, judged);
          let next = 0;
          return asks.map((ask) => {
            if (isJudged(ask)) return judged[next++]!;
            const ofSignUp = ofSignUps.get(ask);
            if (ofSignUp) return ofSignUp;
            return denied(ask, living.has(ask.contactId) ? 'no_consent' : 'unknown_contact', at);
          });
        },
        { timeoutMs: remaining() },
      );
    } catch (error) {
      // 25006: a standby, or a primary that was told to take no more writes.
      if (sqlstate(error) === '25006') throw refusal('PERMITS_READ_ONLY');
      throw error;
    }
  }

  /** A statement more for batches that ask, and for no others. */
  private async sayWhoMayBeTracked(tx: Tx, verdicts: readonly Verdict[]): Promise<void> {
    const asking = verdicts.filter(({ ask, issued }) => issued && ask.tracking);
    const agreeing = await agreeingTo(
      tx,
      TRACKING,
      asking.map(({ ask }) => ask),
    );
    for (const { ask, issued } of asking) issued!.mayTrack = agreeing.has(ask.contactId);
  }

  /** Again where the tenant has changed its rules since they were read. */
  private async byRulesInForce(
    tx: Tx,
    { service: issuedTo }: Asking,
    asks: readonly Ask[],
    at: Date,
  ): Promise<Verdict[]> {
    for (let rules = this.rules.guess(tx); ; rules = await this.rules.reload(tx)) {
      const permits = newPermits(asks, rules, at);
      const issuing = { issuedTo, at, rules };
      const verdicts = permits.some(({ reserves }) => reserves)
        ? await issueWithinCaps(tx, permits, issuing)
        : await judgeAndIssue(tx, permits, issuing);
      if (verdicts) return verdicts;
    }
  }
}

function isOfSignUp({ purpose }: Pick<Ask, 'purpose'>): boolean {
  return purpose === SIGN_UP_CONFIRMATION;
}

function newPermits(asks: readonly Ask[], rules: ContactRules, at: Date): NewPermit[] {
  const allowed = hoursFor(rules, at);
  return asks.map((ask) => ({
    ...{ ask, permitId: newId(), salt: randomBytes(SALT_BYTES) },
    ...{ allowed: allowed(ask), reserves: capsOn(rules, ask).length > 0 },
  }));
}
