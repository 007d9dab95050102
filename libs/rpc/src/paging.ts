import { invalidArgument, isUuid } from '@heed/kernel';

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 1_000;

export interface PageRequest {
  pageSize: number;
  pageToken: string;
}

export interface Page<Row> {
  rows: Row[];
  /** Not empty: there may be more. */
  nextPageToken: string;
}

export interface PageKey<Row> {
  /** What the rows are ordered by, as text. */
  of(row: Row): string;
  /** Whether a token's text can be such a key. Default: a UUID. */
  isValid?(text: string): boolean;
}

/**
 * One page of a list. `read` gets the key of the last row seen, if any, and how many rows to read at most: one more than
 * are shown, so that a full last page does not promise another. A token is the key itself, not a position: rows that
 * come and go meanwhile are neither shown twice nor left out.
 */
export async function readPage<Row>(
  request: PageRequest,
  key: PageKey<Row>,
  read: (after: string | undefined, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const size = Math.min(request.pageSize || DEFAULT_SIZE, LARGEST_SIZE);
  const rows = await read(keyIn(request.pageToken, key.isValid ?? isUuid), size + 1);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    rows: rows.slice(0, size),
    nextPageToken: last === undefined ? '' : Buffer.from(key.of(last)).toString('base64url'),
  };
}

function keyIn(token: string, isValid: (text: string) => boolean): string | undefined {
  if (token === '') return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  // Buffer skips what is not base64url: only the one spelling that it would write itself is a token.
  if (Buffer.from(text).toString('base64url') !== token || !isValid(text)) {
    throw invalidArgument({ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' });
  }
  return text;
}
