import { type Clock, DomainError } from '@heed/kernel';
import { elapsed, type Stamp, stampOf } from './age.js';
import { type PermitProof } from './permit-proof.js';

/**
 * What a permit is worth at this moment.
 * - `voided`: the person (or whoever shares the endpoint) was heard since it was asked for.
 * - `clock`: the clocks disagree about its age, so nobody knows it.
 */
export type Verdict = 'valid' | 'expired' | 'voided' | 'clock';

export interface HeldPermitParts {
  tenantId: string;
  attemptId: string;
  contactId: string;
  address: string;
  fields: Readonly<Record<string, string>>;
  /** Link that opts the person out; empty for calls. */
  optOutUrl: string;
  /** Keyed hash of the address, in hexadecimal. */
  endpointHash: string;
  lifetimeMs: number;
  proof: PermitProof;
  /** Taken before the question left. */
  askedAt: Stamp;
}

/** What a held permit needs of the desk that holds it. */
export interface Keeper {
  clock: Clock;
  /** The clocks disagree: no permit of this process has an age that anybody knows. */
  distrustClocks(): void;
  drop(permit: HeldPermit): void;
}

/** Leave to reach one person once, within a second of the question. Lives in memory and nowhere else. */
export class HeldPermit {
  readonly kind = 'permit';
  readonly tenantId: string;
  readonly attemptId: string;
  readonly contactId: string;
  readonly address: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly optOutUrl: string;
  readonly endpointHash: string;
  readonly proof: PermitProof;
  private readonly lifetimeMs: number;
  private readonly askedAt: Stamp;
  private readonly voiding = new AbortController();
  private verdict: Exclude<Verdict, 'expired'> = 'valid';
  private consumed = false;

  constructor(
    parts: HeldPermitParts,
    private readonly keeper: Keeper,
  ) {
    this.tenantId = parts.tenantId;
    this.attemptId = parts.attemptId;
    this.contactId = parts.contactId;
    this.address = parts.address;
    this.fields = parts.fields;
    this.optOutUrl = parts.optOutUrl;
    this.endpointHash = parts.endpointHash;
    this.proof = parts.proof;
    this.lifetimeMs = parts.lifetimeMs;
    this.askedAt = parts.askedAt;
  }

  /** To be asked at the point of no return, with nothing between the answer and the write. */
  check(): Verdict {
    if (this.verdict !== 'valid') return this.verdict;
    const age = this.age();
    if (!age.agreed) {
      this.keeper.distrustClocks();
      return this.verdict;
    }
    return age.ms < this.lifetimeMs ? 'valid' : 'expired';
  }

  /** The check before the first byte. A permit serves once: the second call throws, whatever the first one said. */
  consume(): Verdict {
    if (this.consumed) {
      throw new DomainError('PERMIT_USED', 'internal', {
        metadata: { permitId: this.proof.permitId, attemptId: this.attemptId },
      });
    }
    this.consumed = true;
    return this.check();
  }

  /** 0 where it is worth nothing any more. */
  remainingMs(): number {
    return this.check() === 'valid' ? this.lifetimeMs - this.age().ms : 0;
  }

  /**
   * By how much this moment lies after its end. Asked after a write: what happens between a check and the end of the
   * write (a stopped process, a full buffer) no check can prevent, so it is measured and reported (ATTACKS 2.6).
   */
  lateMs(): number {
    return Math.max(0, Math.ceil(this.age().ms - this.lifetimeMs));
  }

  /** Aborted when it is voided, also after its end: a call that still rings is to be cancelled then. */
  get voided(): AbortSignal {
    return this.voiding.signal;
  }

  /** Whoever obtained it says when they are done; until then it listens for revocations. */
  release(): void {
    this.keeper.drop(this);
  }

  /** For the desk. What is void stays void. */
  void(verdict: 'voided' | 'clock'): void {
    if (this.verdict !== 'valid') return;
    this.verdict = verdict;
    this.voiding.abort();
  }

  private age(): { ms: number; agreed: boolean } {
    return elapsed(this.askedAt, stampOf(this.keeper.clock));
  }
}
