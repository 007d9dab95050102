import { describe, expect, it } from '@jest/globals';
import { judgeMail } from './judge-mail.js';
import { type ReadMail } from './read-mail.js';

const written = (text: string): ReadMail =>
  ({ kind: 'written', from: '', subject: 'Re: Hello', text }) as ReadMail;
const scopeOf = (text: string, purpose: string, kind: 'reply' | 'unsubscribe' = 'reply') =>
  judgeMail(written(text), { kind, purpose })?.scope;

describe('what an opt-out by mail is about', () => {
  it.each([
    [
      'the bare word, said to a newsletter: all that may be refused',
      'STOP',
      'newsletter',
      'email',
      'all_outreach',
    ],
    ['the bare word, said to a receipt: that as well', 'STOP', 'receipt', 'email', ''],
    ['the bare word, said to nobody knows what: all mail', 'STOP', '', 'email', ''],
    ['a no to being written to: all mail', 'Stop writing to me', 'newsletter', 'email', ''],
    ['a no to any contact: everything', 'Do not contact me again', 'newsletter', '', ''],
  ])('is, by %s', (_, text, answered, channel, purpose) => {
    expect(scopeOf(text, answered)).toEqual({ channel, purpose });
  });

  it('is the purpose of the message where its own address for that was used', () => {
    expect(scopeOf('anything', 'newsletter', 'unsubscribe')).toEqual({
      channel: 'email',
      purpose: 'newsletter',
    });
  });
});
