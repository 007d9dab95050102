import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { ACCESS, Clinic, ERASE, PROBE, said } from './clinic.js';

/**
 * Ends the process, as far as the database can tell: the transaction at `at` and all after it fail, before they begin
 * or after they have committed, until `revive`.
 */
class Fate {
  private seen = 0;
  private at = Infinity;
  private isAfter = false;
  private dead = false;

  kill(at: number, when: 'before' | 'after'): void {
    this.seen = 0;
    this.at = at;
    this.isAfter = when === 'after';
  }

  revive(): number {
    this.dead = false;
    this.at = Infinity;
    return this.seen;
  }

  spy = (work: UnitOfWork): UnitOfWork => {
    const step = async <T>(run: () => Promise<T>): Promise<T> => {
      const mine = (this.seen += 1);
      if (this.dead || (mine === this.at && !this.isAfter)) throw this.death();
      const result = await run();
      if (mine === this.at) throw this.death();
      return result;
    };
    return {
      run: (...args: Parameters<UnitOfWork['run']>) => step(() => work.run(...args)),
      runAcross: (...args: Parameters<UnitOfWork['runAcross']>) => step(() => work.runAcross(...args)),
    } as unknown as UnitOfWork;
  };

  private death(): DomainError {
    this.dead = true;
    return new DomainError('PROCESS_KILLED', 'unavailable');
  }
}

describe('an order whose process is killed', () => {
  // Each step is found by watching one run; then it is run again and killed before and after every one of them.
  it.each([
    ['erasing', ERASE, { patient: 'ERASED 1', 'subject-keys': 'ERASED 1', 'x-rays': 'ERASED 2' }],
    ['probing', PROBE, { patient: 'PROBED_FOUND 1', 'subject-keys': 'PROBED_FOUND 1' }],
    ['collecting', ACCESS, { patient: 'EXPORTED 1', 'x-rays': 'EXPORTED 2' }],
  ])(
    'at any step of %s is carried out once, and answered as if nothing had happened',
    async (_, action, expected) => {
      const fate = new Fate();
      const clinic = await Clinic.open(fate.spy);
      try {
        const lives = async (at: number, when: 'before' | 'after'): Promise<number> => {
          const issued = clinic.issue(action, [clinic.order(await clinic.admit())]);
          await clinic.deliver(issued);
          fate.kill(at, when);
          await clinic.finish().catch(() => undefined);
          const steps = fate.revive();
          // Past the dead process's claim.
          await clinic.clock.advance(20_000);
          await clinic.finish();
          expect(said(await clinic.signed(issued.batchId))).toMatchObject(expected);
          const published = (await clinic.published()).filter(({ batchId }) => batchId === issued.batchId);
          expect(published).toHaveLength(1);
          return steps;
        };
        const steps = await lives(Infinity, 'before');
        expect(steps).toBeGreaterThan(4);
        for (let at = 1; at <= steps; at++) {
          await lives(at, 'before');
          await lives(at, 'after');
        }
      } finally {
        await clinic.close();
      }
    },
    30_000,
  );
});
