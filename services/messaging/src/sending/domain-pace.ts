import { type Clock } from '@heed/kernel';
import { metrics } from '@heed/telemetry';
import { type DomainLimit, type DomainLimits } from './domain-limits.js';
import { type HandOver } from './hand-over.js';

const FIRST_BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;
/** How long a message waits for one of its domain's places. */
const FULL_MS = 500;
/** As much may leave at once as is allowed in this time. */
const BURST_MS = 10_000;
/** Domains that are remembered; beyond them those that nothing is known against are forgotten. */
const MOST_DOMAINS = 10_000;

const waits = metrics.counter('heed_domain_waits_total', {
  description: 'Messages that had a permit and waited for their domain all the same, by why',
});

export type DomainWait = { ms: number; reason: 'limit' | 'back_off' };

/** Whoever has a message for an address; an object of its own for each message. */
interface Addressed {
  address: string;
}

/** Times are those of the monotonic clock. */
interface Domain {
  limit: DomainLimit;
  open: number;
  /** When the next message would be due if all came evenly. */
  dueAt: number;
  /** The last that was told to come again. */
  toldUntil: number;
  /** How often in a row it was said that we are too fast. */
  slowed: number;
  closedUntil: number;
}

/**
 * Keeps one domain from being written to faster than it likes, whoever asks for it: by limits of the setting, and by
 * what its answers say. In this process's memory alone, under the domain's name and nobody's: which domain somebody has
 * is known under a permit and not kept.
 */
export class DomainPace {
  private readonly domains = new Map<string, Domain>();
  private readonly places = new WeakMap<Addressed, Domain>();

  constructor(
    private readonly limits: DomainLimits,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Undefined: it may go, and has a place until it leaves. Else how long to wait. */
  enter(message: Addressed): DomainWait | undefined {
    const domain = this.domainOf(message.address);
    const wait = this.waitOf(domain);
    if (wait) {
      waits.add(1, { reason: wait.reason });
      return wait;
    }
    domain.open += 1;
    domain.dueAt = Math.max(domain.dueAt, this.clock.monotonicMs()) + intervalOf(domain.limit);
    this.places.set(message, domain);
    return undefined;
  }

  /** Gives its place back, once, and hears what was answered, where there was an answer. */
  leave(message: Addressed, result?: HandOver): void {
    const domain = this.places.get(message);
    if (!domain) return;
    this.places.delete(message);
    domain.open -= 1;
    if (result?.kind === 'accepted') domain.slowed = 0;
    else if (result && saysSlowDown(result)) this.slow(domain);
  }

  private waitOf(domain: Domain): DomainWait | undefined {
    const now = this.clock.monotonicMs();
    if (now < domain.closedUntil) return { ms: domain.closedUntil - now, reason: 'back_off' };
    // After a back-off one at a time shows whether it is over.
    const most = domain.slowed > 0 ? 1 : domain.limit.connections;
    if (domain.open >= most) return { ms: FULL_MS, reason: domain.slowed > 0 ? 'back_off' : 'limit' };
    const interval = intervalOf(domain.limit);
    const earliest = domain.dueAt - Math.max(0, BURST_MS - interval);
    if (interval === 0 || now >= earliest) return undefined;
    // One after the other, or all who wait would come again together, to be told the same.
    domain.toldUntil = Math.max(domain.toldUntil, earliest - interval) + interval;
    return { ms: domain.toldUntil - now, reason: 'limit' };
  }

  /** What many messages are told at once is one word. */
  private slow(domain: Domain): void {
    const now = this.clock.monotonicMs();
    if (now < domain.closedUntil) return;
    domain.closedUntil = now + Math.min(FIRST_BACK_OFF_MS * 2 ** domain.slowed, LONGEST_BACK_OFF_MS);
    domain.slowed = Math.min(domain.slowed + 1, 20);
  }

  private domainOf(address: string): Domain {
    const name = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const known = this.domains.get(name);
    if (known) return known;
    if (this.domains.size >= MOST_DOMAINS) this.forgetIdle();
    const domain: Domain = {
      ...{ limit: this.limits.of(name), open: 0, dueAt: 0, toldUntil: 0, slowed: 0, closedUntil: 0 },
    };
    this.domains.set(name, domain);
    return domain;
  }

  private forgetIdle(): void {
    const now = this.clock.monotonicMs();
    for (const [name, { open, dueAt, closedUntil }] of this.domains) {
      if (open === 0 && dueAt <= now && closedUntil <= now) this.domains.delete(name);
    }
  }
}

function intervalOf({ perMinute }: DomainLimit): number {
  return 60_000 / perMinute;
}

/**
 * SPEC: RFC 5321, 4.2.3: 421 (service not available), 450 and 451 (try later), 452 (too little room). Not where it is
 * said of the mailbox (RFC 3463, 3.2 and 3.3): one that is full says nothing of its neighbours.
 */
function saysSlowDown(result: HandOver): boolean {
  return result.kind === 'refused' && !result.bounce && /^smtp_(421|450|451|452)$/.test(result.reason);
}
