import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import {
  encodeLink,
  encodeMessage,
  LONGEST_URL,
  readLink,
  readMessage,
  tokenOf,
  type LinkToken,
} from './tracking-token.js';

const seal = randomBytes(18);
const message = { tenantId: newId(), attemptId: newId() };
const link: LinkToken = { kind: 'link', templateId: newId(), link: 3, of: 7, url: 'https://a.test/?a=1&b=2' };

describe('a token of tracking', () => {
  it('comes back as what went in', () => {
    const bytes = encodeMessage(message);
    expect(readMessage(tokenOf(bytes, seal))).toEqual({ token: message, bytes, seal });
    const of = encodeLink(link);
    expect(readLink(tokenOf(of, seal))).toEqual({ token: link, bytes: of, seal });
  });

  it('may lead far, and to nothing', () => {
    const far = { ...link, url: `https://a.test/${'x'.repeat(LONGEST_URL - 15)}` };
    expect(readLink(tokenOf(encodeLink(far), seal))?.token).toEqual(far);
    const trap: LinkToken = { ...link, kind: 'trap', link: 0, url: '' };
    expect(readLink(tokenOf(encodeLink(trap), seal))?.token).toEqual(trap);
  });

  it('of a message is none of a link, nor the other way round', () => {
    expect(readLink(tokenOf(encodeMessage(message), seal))).toBeUndefined();
    expect(readMessage(tokenOf(encodeLink(link), seal))).toBeUndefined();
  });

  it('has one spelling', () => {
    const token = tokenOf(encodeMessage(message), seal);
    for (const other of [
      `${token}=`,
      `${token}\n`,
      ` ${token}`,
      `${token}A`,
      token.slice(1),
      '',
      'x'.repeat(9_000),
    ]) {
      expect(readMessage(other)).toBeUndefined();
      expect(readLink(other)).toBeUndefined();
    }
  });

  it('in a link says nothing of a person, and in a message nothing but the attempt', () => {
    expect(encodeMessage(message)).toHaveLength(33);
    expect(encodeLink(link).includes(Buffer.from(message.attemptId.replaceAll('-', ''), 'hex'))).toBe(false);
  });
});
