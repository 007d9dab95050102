import { type TimeSpan } from '@heed/kernel';
import { And, LessThan, MoreThanOrEqual, type FindOperator } from 'typeorm';

/** The condition of a `find` that a time lies in a span; undefined where every time does. */
export function within({ from, until }: TimeSpan): FindOperator<Date> | undefined {
  if (from && until) return And(MoreThanOrEqual(from), LessThan(until));
  if (from) return MoreThanOrEqual(from);
  return until && LessThan(until);
}
