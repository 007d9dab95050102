import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger, metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { type MessagingSettings } from '../settings.js';
import { lookAt } from './check-domain.js';
import { DNS, type Dns, whileThereIsTime } from './dns.js';
import { keysAfter, stateAfter, type DomainState, type Findings } from './sender-domain.js';
import { sendingHosts } from './sender-domain-message.js';
import { SenderDomainStore, type DomainWithKeys } from './sender-domain.store.js';
import { SigningDomains } from './signing-domains.js';

/** A last question may take some seconds more. */
const LOOK_MS = 12_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Whoever has not put records into DNS by then will say when. */
const EAGER_MS = 14 * DAY_MS;

const log = logger({ component: 'sender-domains' });
const failing = metrics.counter('heed_sender_domains_failing_total', {
  description:
    'Looks at domains that were verified and are not any more. Alarm on any: their mails are skipped',
});

/** Looks at DNS for what a domain should say, and writes down what that makes of it and of its keys. */
@Injectable()
export class VerifyDomain {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: SenderDomainStore,
    private readonly signing: SigningDomains,
    @Inject(DNS) private readonly dns: Dns,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS)
    private readonly settings: Pick<MessagingSettings, 'HEED_SPF_INCLUDE' | 'HEED_SENDING_HOSTS'>,
  ) {}

  async verify(tenantId: string, senderDomainId: string): Promise<DomainWithKeys> {
    const before = await this.uow.run(tenantId, (tx) => this.store.find(tx, senderDomainId));
    if (!before) throw refusal('SENDER_DOMAIN_NOT_FOUND');
    const { domain } = before.domain;
    const live = before.keys.filter(({ retiredAt }) => retiredAt === null);
    // Outside of a transaction: DNS may take seconds.
    const by = this.clock.monotonicMs() + LOOK_MS;
    const dns = whileThereIsTime(this.dns, () => this.clock.monotonicMs() > by);
    const looked = await lookAt(domain, live, sendingHosts(this.settings), dns);
    const after = await this.uow.run(tenantId, async (tx) => {
      const now = await this.store.lock(tx, senderDomainId);
      if (!now) throw refusal('SENDER_DOMAIN_NOT_FOUND');
      const at = this.clock.now();
      const { dkim, published, retired } = keysAfter(now.keys, looked.keys);
      const findings: Findings = { spf: looked.spf, dkim, dmarc: looked.dmarc };
      const state = stateAfter(now.domain.state, findings);
      await this.store.writeKeys(tx, senderDomainId, { published, retired, at });
      const nextCheckAt = nextCheck(state, now.domain.createdAt, at);
      await this.store.write(tx, senderDomainId, { ...findings, state, at, nextCheckAt });
      tx.afterCommit(() => this.signing.forget(tenantId));
      if (state === 'failing') tx.afterCommit(() => this.alarm(tenantId));
      return this.store.find(tx, senderDomainId);
    });
    return after!;
  }

  private alarm(tenantId: string): void {
    failing.add(1);
    log.warn('a sender domain fails its checks: heed domains list --state failing', { tenantId });
  }
}

function nextCheck(state: DomainState, createdAt: Date, at: Date): Date {
  const eager = state !== 'verified' && at.getTime() - createdAt.getTime() < EAGER_MS;
  return new Date(at.getTime() + (eager || state === 'failing' ? HOUR_MS : DAY_MS));
}
