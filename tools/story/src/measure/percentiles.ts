export interface Percentiles {
  min: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** By nearest rank, on a copy. Of nothing: zeros. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { min: sorted[0] ?? 0, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
