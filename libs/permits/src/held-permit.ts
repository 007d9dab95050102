import { type Clock, DomainError } from '@heed/kernel';
import { elapsed, type Stamp, stampOf } from './age.js';
import { type PermitProof } from './permit-proof.js';
import { ended, misused } from './permit-uses.js';

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
  /** It holds a place under a frequency cap. */
  reserves: boolean;
  /** The person agreed that opens and clicks are recorded. */
  mayTrack: boolean;
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
  /** The attempt never began: the place under a cap is free again. */
  giveBack(permit: HeldPermit): void;
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
  readonly mayTrack: boolean;
  readonly proof: PermitProof;
  private readonly lifetimeMs: number;
  private readonly reserves: boolean;
  private readonly askedAt: Stamp;
  private readonly voiding = new AbortController();
  private verdict: Exclude<Verdict, 'expired'> = 'valid';
  /** What the one use that it has came to. */
  private consumed: Verdict | undefined;
  private released = false;

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
    this.mayTrack = parts.mayTrack;
    this.proof = parts.proof;
    this.lifetimeMs = parts.lifetimeMs;
    this.reserves = parts.reserves;
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

  /**
   * The check before the first byte of an attempt. A permit serves once, and the attempt that it was asked for: whatever
   * else it is put to throws and is counted, and nothing is written.
   */
  consume(attemptId: string): Verdict {
    if (attemptId !== this.attemptId) throw this.misuse('PERMIT_FOR_ANOTHER', attemptId);
    if (this.consumed !== undefined) throw this.misuse('PERMIT_USED', attemptId);
    if (this.released) throw this.misuse('PERMIT_RELEASED', attemptId);
    this.consumed = this.check();
    return this.consumed;
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
    if (this.released) return;
    this.released = true;
    ended.add(1, { outcome: this.consumed === 'valid' ? 'used' : this.wastedBy() });
    this.keeper.drop(this);
    if (this.reserves && this.consumed !== 'valid') this.keeper.giveBack(this);
  }

  /** For the desk. What is void stays void. */
  void(verdict: 'voided' | 'clock'): void {
    if (this.verdict !== 'valid') return;
    this.verdict = verdict;
    this.voiding.abort();
  }

  /** Why nothing came of it. */
  private wastedBy(): string {
    const verdict = this.consumed ?? this.check();
    return verdict === 'valid' ? 'not_needed' : verdict;
  }

  private misuse(reason: string, attemptId: string): DomainError {
    misused.add(1, { reason });
    return new DomainError(reason, 'internal', { metadata: { permitId: this.proof.permitId, attemptId } });
  }

  private age(): { ms: number; agreed: boolean } {
    return elapsed(this.askedAt, stampOf(this.keeper.clock));
  }
}
