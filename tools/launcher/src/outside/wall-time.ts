/**
 * The wall clock in milliseconds with a fraction. Date.now() has none, and the high-resolution clock drifts away
 * from the wall clock when that is adjusted: the one is kept within the millisecond that the other names. What is
 * compared with it are PostgreSQL's commit times, which come from the same wall clock.
 */
export function wallTimeMs(): number {
  const fine = performance.timeOrigin + performance.now();
  const coarse = Date.now();
  return Math.round(Math.min(Math.max(fine, coarse), coarse + 0.999) * 1000) / 1000;
}
