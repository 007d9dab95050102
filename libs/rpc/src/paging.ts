import { canonicalJson, invalidArgument, isUuid, sha256 } from '@heed/kernel';
import { currentCall } from './call-scope.js';

const DEFAULT_SIZE = 50;
const LARGEST_SIZE = 1_000;
const MARK_LENGTH = 8;
const IS_MARK = /^[0-9a-f]{8}$/;

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
 * One page of a list. What the request holds beside size and token is its filter. `read` gets the key of the last row seen, if any, and how many rows to read at most: one more than
 * are shown, so that a full last page does not promise another. A token is the key itself, not a position: rows that
 * come and go meanwhile are neither shown twice nor left out. It goes on only in the list and under the filter that it
 * was made under: elsewhere it would begin somewhere in the middle, and nobody would see what is missing.
 */
export async function readPage<Row>(
  request: PageRequest,
  key: PageKey<Row>,
  read: (after: string | undefined, limit: number) => Promise<Row[]>,
): Promise<Page<Row>> {
  const size = Math.min(request.pageSize || DEFAULT_SIZE, LARGEST_SIZE);
  const filter = markOf(request);
  const rows = await read(keyIn(request.pageToken, filter, key.isValid ?? isUuid), size + 1);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    rows: rows.slice(0, size),
    nextPageToken: last === undefined ? '' : Buffer.from(filter + key.of(last)).toString('base64url'),
  };
}

function keyIn(token: string, filter: string, isValid: (text: string) => boolean): string | undefined {
  if (token === '') return undefined;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const [mark, key] = [text.slice(0, MARK_LENGTH), text.slice(MARK_LENGTH)];
  // Buffer skips what is not base64url: only the one spelling that it would write itself is a token.
  if (Buffer.from(text).toString('base64url') !== token || !IS_MARK.test(mark) || !isValid(key)) {
    throw invalidArgument({ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' });
  }
  if (mark !== filter) throw invalidArgument({ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' });
  return key;
}

/**
 * Tells lists and filters apart. Short on purpose: a filter may hold an address, and 32 bits of a hash are those of very many.
 * What is empty is absent, so that tokens outlive a filter that is new in the contract.
 */
function markOf({ pageSize: _size, pageToken: _token, ...filter }: PageRequest): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== '' && value !== 0);
  const list = currentCall()?.caller.method ?? '';
  return sha256(Buffer.from(canonicalJson([list, Object.fromEntries(asked)])))
    .toString('hex')
    .slice(0, MARK_LENGTH);
}
