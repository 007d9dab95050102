import { describe, expect, it } from '@jest/globals';
import { newId, type Caller } from '@heed/kernel';
import { runInCall, type CallScope } from './call-scope.js';
import { readPage, type PageRequest } from './paging.js';

const ids = Array.from({ length: 5 }, () => newId()).sort();
const page = (request: PageRequest & { state?: number; name?: string }) =>
  readPage(request, { of: (id: string) => id }, async (after, limit) =>
    ids.filter((id) => after === undefined || id > after).slice(0, limit),
  );

describe('a page', () => {
  it('leads to the next until there is none, and shows each row once', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const { rows, nextPageToken } = await page({ pageSize: 2, pageToken });
      seen.push(...rows);
      pageToken = nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual(ids);
  });

  it('that ends with the last row promises no other', async () => {
    expect((await page({ pageSize: 5, pageToken: '' })).nextPageToken).toBe('');
    expect((await page({ pageSize: 0, pageToken: '' })).rows).toEqual(ids);
  });

  it('refuses a token that it did not write', async () => {
    const token = (await page({ pageSize: 2, pageToken: '' })).nextPageToken;
    for (const broken of [
      'x',
      `${token}=`,
      `${token.slice(0, -1)} `,
      Buffer.from(ids[1]!).toString('base64url'),
      Buffer.from("' or 1=1").toString('base64url'),
    ]) {
      await expect(page({ pageSize: 2, pageToken: broken })).rejects.toMatchObject({
        violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_INVALID' }],
      });
    }
  });

  it('goes on only under the filter that its token was made under, whatever its size', async () => {
    const { nextPageToken: pageToken } = await page({ pageSize: 2, pageToken: '', state: 1, name: 'a' });
    for (const other of [{}, { state: 1 }, { name: 'a' }, { state: 2, name: 'a' }, { state: 1, name: 'b' }]) {
      await expect(page({ pageSize: 2, pageToken, ...other })).rejects.toMatchObject({
        violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' }],
      });
    }
    expect((await page({ pageSize: 3, pageToken, name: 'a', state: 1 })).rows).toEqual(ids.slice(2));
  });

  it('goes on only in the list that its token is of', async () => {
    const within = <T>(method: string, work: () => Promise<T>) =>
      runInCall({ caller: { method } as Caller } as CallScope, work);
    const ask = (pageToken: string) => page({ pageSize: 2, pageToken });
    const { nextPageToken: token } = await within('/heed.test.v1.A/ListA', () => ask(''));
    expect((await within('/heed.test.v1.A/ListA', () => ask(token))).rows).toEqual(ids.slice(2, 4));
    await expect(within('/heed.test.v1.B/ListB', () => ask(token))).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' }],
    });
  });

  it('goes on where the contract has grown a filter that is not used', async () => {
    const { nextPageToken: pageToken } = await page({ pageSize: 2, pageToken: '' });
    expect((await page({ pageSize: 3, pageToken, state: 0, name: '' })).rows).toEqual(ids.slice(2));
  });
});
