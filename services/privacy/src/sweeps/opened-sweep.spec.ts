import { describe, expect, it } from '@jest/globals';
import { type datarightsV1 } from '@heed/contracts';
import { signSweep, type SweepStatement } from '@heed/data-rights';
import { newId, SigningKey } from '@heed/kernel';
import { openSweep } from './opened-sweep.js';
import { type Swept } from './sweep.store.js';

const key = SigningKey.generate();
const sweepId = newId();
const HIT = { store: 'person', column: 'email', row: '{}', living: false };

const someone = (): Swept => ({ tenantId: newId(), requestId: newId(), subjectId: newId() });

function said(about: Swept, more: Partial<SweepStatement> = {}): SweepStatement {
  return {
    ...{ ...about, service: 'contacts', sweepId, needles: 1, columns: 9, objects: 0, found: 0, excepted: 0 },
    ...{ at: new Date('2026-11-24T03:00:00Z'), ...more },
  };
}

function signed(statements: SweepStatement[]) {
  return signSweep({ sweepId, service: 'contacts', signedAt: statements[0]!.at }, statements, key);
}

/** Why what a service says is not taken for these requests. */
function refusedFor(
  swept: Swept[],
  statements: SweepStatement[],
  hits: datarightsV1.SweepHit[] = [],
): string {
  const { receipt, openings } = signed(statements);
  const wire = openings.map((opening) => ({ ...opening, hits }));
  try {
    openSweep(receipt, swept, wire);
  } catch (error) {
    return (error as { metadata: { why: string } }).metadata.why;
  }
  return 'opened';
}

describe('6.2 what a service says that its sweep has found', () => {
  const [one, other] = [someone(), someone()];

  it('opens to a statement about each request, in whatever order they stand', () => {
    expect(refusedFor([one, other], [said(other), said(one)])).toBe('opened');
    expect(refusedFor([one], [said(one, { found: 1 })], [HIT])).toBe('opened');
  });

  it('is refused where a request was left out, is there twice, or is another', () => {
    expect(refusedFor([one, other], [said(one)])).toBe('COUNT');
    expect(refusedFor([one, other], [said(one), said(one)])).toBe('STATEMENT');
    expect(refusedFor([one], [said(someone())])).toBe('STATEMENT');
  });

  it('is refused where it is about another person, tenant, service or sweep: a replay is one', () => {
    const others: Partial<SweepStatement>[] = [
      ...[{ tenantId: newId() }, { subjectId: newId() }, { service: 'identity' }, { sweepId: newId() }],
    ];
    for (const more of others) expect(refusedFor([one], [said(one, more)])).toBe('STATEMENT');
  });

  it('is refused where it counts other places than it names', () => {
    expect(refusedFor([one], [said(one)], [HIT])).toBe('STATEMENT');
    expect(refusedFor([one], [said(one, { found: 1 })])).toBe('STATEMENT');
    expect(refusedFor([one], [said(one, { found: 1, excepted: 1 })], [HIT])).toBe('STATEMENT');
  });

  it('is refused where a statement was altered after it was signed', () => {
    const { receipt, openings } = signed([said(one, { found: 1 })]);
    const statement = Buffer.from(openings[0]!.statement.toString().replace('"found":1', '"found":0'));
    expect(() => openSweep(receipt, [one], [{ ...openings[0]!, statement, hits: [] }])).toThrow();
  });
});
