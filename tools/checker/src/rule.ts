import { type ServiceName } from '@heed/contracts';

/** The invariants, as the README lists them. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';

/** A promise as SQL that must find nothing. The first column of what it finds is an id. */
export interface Rule {
  invariant: Invariant;
  service: ServiceName;
  /** What is wrong where it finds something. */
  says: string;
  sql: string;
}

/**
 * A promise over two databases, which no statement can join: `collect` reads in the first, `sql` gets what it read as
 * `$1`, a JSON array of objects, and must find nothing in the second.
 */
export interface CrossRule extends Rule {
  collect: { service: ServiceName; sql: string };
}

export function isCross(rule: Rule | CrossRule): rule is CrossRule {
  return 'collect' in rule;
}
