import { type Denial, type HeldPermit } from '@heed/permits';
import { type Guard } from './hand-over.js';

export interface PermitGuardParts {
  attemptId: string;
  permit: HeldPermit;
  /** Asks for another permit for the same attempt and writes it down; undefined where that could not be done. */
  renew(permit: HeldPermit): Promise<HeldPermit | Denial | undefined>;
  /** Points at which a specification may wait. */
  beforeDot(): void | Promise<void>;
}

/**
 * Holds one hand-over to its permit. The first permit is consumed where the attempt begins. A dialogue that outlives it
 * gets another one before its end, or none: a permit is never stretched (ATTACKS 2.8).
 */
export class PermitGuard implements Guard {
  /** Why it could not be renewed. */
  denial: Denial | undefined;
  /** The longest by which a write ended after the end of the permit that it was checked against. */
  lateMs = 0;
  private permit: HeldPermit;
  private renewed: HeldPermit | undefined;

  constructor(private readonly parts: PermitGuardParts) {
    this.permit = parts.permit;
  }

  mayBegin(): boolean {
    return this.permit.consume(this.parts.attemptId) === 'valid';
  }

  begun(): void {
    this.measure();
  }

  async beforeEnd(): Promise<void> {
    await this.parts.beforeDot();
    if (this.permit.check() === 'valid') return;
    const answer = await this.parts.renew(this.permit);
    if (answer?.kind === 'permit') this.renewed = answer;
    else this.denial = answer;
  }

  mayEnd(): boolean {
    if (!this.renewed) return this.permit.check() === 'valid';
    this.permit.release();
    this.permit = this.renewed;
    return this.permit.consume(this.parts.attemptId) === 'valid';
  }

  ended(): void {
    this.measure();
  }

  release(): void {
    this.permit.release();
    this.renewed?.release();
  }

  private measure(): void {
    this.lateMs = Math.max(this.lateMs, this.permit.lateMs());
  }
}
