import { describe, expect, it } from '@jest/globals';
import { findConsumers } from '../src/find-consumers.js';
import { findReasons } from '../src/find-reasons.js';
import { protoComments } from '../src/proto-comments.js';

describe('what is read from the sources', () => {
  it('are reasons, also those that a function makes the error of', () => {
    const found = findReasons('libs/rpc');
    expect(found).toContainEqual({ reason: 'TOKEN_MISSING', kind: 'unauthenticated', where: 'libs/rpc' });
    expect(found).toContainEqual({
      reason: 'PERMISSION_MISSING',
      kind: 'permission-denied',
      where: 'libs/rpc',
    });
  });

  it('are reasons that stand in a table or behind a choice', () => {
    expect(findReasons('libs/postgres').map(({ reason }) => reason)).toContain('DATABASE_CONFLICT');
    const kernel = findReasons('libs/kernel').map(({ reason }) => reason);
    expect(kernel).toEqual(expect.arrayContaining(['SIGNING_KEY_MISSING', 'SIGNING_KEY_UNREADABLE']));
  });

  it('are consumers, with groups named by a constant and events taken of every service', () => {
    expect(findConsumers('messaging')).toContainEqual({
      ...{ event: 'DispatchRequested', group: 'messaging.dispatch' },
    });
    expect(findConsumers('privacy')).toEqual([{ event: 'ReceiptSigned', group: 'privacy.receipts' }]);
  });

  it('are the first sentences of what contracts say', () => {
    const said = protoComments('proto/heed/contacts/v1');
    expect(said.get('ListsService.GetList')).toBe('One list.');
    expect(said.get('ConsentChanged')).toBe('What the ledger says of a contact has changed.');
  });
});
