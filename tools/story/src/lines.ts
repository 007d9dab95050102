import { type Percentiles } from './measure/percentiles.js';
import { type LedgerFigures } from './report.js';

export function wordsOf(counts: Record<string, number>): string {
  const words = Object.entries(counts).map(([reason, n]) => `${reason} ${n}`);
  return words.length === 0 ? '' : `(${words.join(', ')})`;
}

export function ledgerLine({ audience, sent, skipped, failed, unknown, open }: LedgerFigures): string {
  const skips = Object.values(skipped).reduce((sum, n) => sum + n, 0);
  return `${audience} = ${sent} sent + ${skips} skipped ${wordsOf(skipped)} + ${failed} failed + ${unknown} unknown + ${open} open`;
}

export function percentileLine({ min, p50, p95, p99, max }: Percentiles): string {
  const ms = (value: number): string => value.toFixed(1);
  return `min ${ms(min)} p50 ${ms(p50)} p95 ${ms(p95)} p99 ${ms(p99)} max ${ms(max)} ms`;
}
