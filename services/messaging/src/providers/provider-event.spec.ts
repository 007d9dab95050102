import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { readProviderEvent } from './provider-event.js';

const read = (type: string, data: object = {}) =>
  readProviderEvent(Buffer.from(JSON.stringify({ type, timestamp: '2026-11-27T10:00:00Z', data })));

describe('what a mail provider says', () => {
  it.each([
    ['mail.delivered', {}, { kind: 'bounce', delivery: 'delivered', code: '' }],
    ['mail.bounced', { bounce: 'hard' }, { kind: 'bounce', delivery: 'hard_bounce', code: '' }],
    ['mail.bounced', { bounce: 'soft', status: '4.2.2' }, { delivery: 'soft_bounce', code: '4_2_2' }],
    ['mail.bounced', { bounce: 'block' }, { delivery: 'blocked' }],
    [
      'mail.bounced',
      { status: '550 5.1.1 <ada@people.test> no such user' },
      { delivery: 'hard_bounce', code: '5_1_1' },
    ],
    ['mail.complained', {}, { kind: 'complaint', delivery: 'complained' }],
    ['mail.unsubscribed', {}, { kind: 'opt_out', scope: { channel: 'email', purpose: '' } }],
  ])('1.4 %s %j comes to codes', (type, data, expected) => {
    const judged = read(type, data)!.judged;
    expect(judged).toMatchObject(expected);
    expect(JSON.stringify(judged)).not.toContain('people.test');
  });

  it('names the message by its Message-ID', () => {
    const attemptId = newId();
    expect(read('mail.delivered', { message_id: `<${attemptId}@sender.test>` })!.attemptId).toBe(attemptId);
    expect(read('mail.delivered', { message_id: '<somebody@sender.test>' })!.attemptId).toBeUndefined();
  });

  it('changes nothing where its type is one that we do not know', () => {
    expect(read('mail.opened')).toMatchObject({ judged: undefined });
  });

  it.each(['', 'no json', '[]', '{"type": 5, "data": {}}', '{"type": "mail.bounced"}'])(
    'is not %s',
    (text) => {
      expect(readProviderEvent(Buffer.from(text))).toBeUndefined();
    },
  );
});
