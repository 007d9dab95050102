import { InvalidArgumentError } from 'commander';

/** The largest page that a service gives. */
const PAGE = 1_000;

export interface Listed<T> {
  rows: T[];
  /** More lie behind the limit. */
  more: boolean;
}

/**
 * Page after page, until there are `limit` rows or no more pages: whoever wants all asks for a high limit, and nobody
 * fills a screen, or waits for a million rows, by a command without options.
 */
export async function upTo<T>(
  limit: number,
  page: (ask: { pageSize: number; pageToken: string }) => Promise<{ rows: T[]; next: string }>,
): Promise<Listed<T>> {
  const rows: T[] = [];
  for (let pageToken = ''; ;) {
    const answer = await page({ pageSize: Math.min(limit - rows.length, PAGE), pageToken });
    rows.push(...answer.rows);
    if (answer.next === '') return { rows, more: false };
    if (rows.length >= limit) return { rows, more: true };
    pageToken = answer.next;
  }
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('a whole number is expected');
  return Number(value);
}

export function positiveNumber(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('a number of at least 1 is expected');
  return number;
}

export const LIMIT = ['--limit <n>', 'most rows to print', positiveNumber, 50] as const;
