import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { encodeLink, readToken, SEAL_BYTES, tokenOf, type OptOutLink } from './opt-out-token.js';

const link: OptOutLink = {
  tenantId: newId(),
  contactId: newId(),
  endpointHash: randomBytes(34),
  channel: 'email',
  purpose: 'newsletter',
  sender: 'news@acme.example',
};
const seal = randomBytes(34);

describe('the token of a link', () => {
  it('comes back as what went in', () => {
    const read = readToken(tokenOf(encodeLink(link), seal));
    expect(read?.link).toEqual(link);
    expect(read?.seal).toEqual(seal.subarray(0, SEAL_BYTES));
    expect(read?.bytes).toEqual(encodeLink(link));
  });

  it('fits into a header line and says nothing of the address', () => {
    const longest = {
      ...{ ...link, purpose: `a${'b'.repeat(62)}`, channel: 'voice' as const },
      sender: `${'n'.repeat(64)}@${'a'.repeat(185)}.com`,
    };
    expect(readToken(tokenOf(encodeLink(longest), seal))?.link).toEqual(longest);
    // SPEC: RFC 5322, 2.1.1: at most 998 characters a line.
    expect(tokenOf(encodeLink(longest), seal).length).toBeLessThan(600);
    expect(tokenOf(encodeLink(link), seal).length).toBeLessThan(160);
  });

  it('of before, which names no sender, is read as ever', () => {
    const before = { ...link, sender: '' };
    expect(encodeLink(before)[0]).toBe(1);
    expect(readToken(tokenOf(encodeLink(before), seal))?.link).toEqual(before);
  });

  it('with a length that its bytes do not have is none', () => {
    const bytes = encodeLink(link);
    const lengthAt = bytes.length - link.sender.length - link.purpose.length - 1;
    for (const length of [0, 64, link.purpose.length + link.sender.length, 255]) {
      const other = Buffer.from(bytes);
      other[lengthAt] = length;
      expect(readToken(tokenOf(other, seal))).toBeUndefined();
    }
  });

  it('has one spelling', () => {
    const token = tokenOf(encodeLink(link), seal);
    for (const other of [
      `${token}=`,
      `${token}\n`,
      ` ${token}`,
      `${token}A`,
      token.slice(0, 90),
      '',
      'x'.repeat(9000),
    ]) {
      expect(readToken(other)?.seal.equals(seal.subarray(0, SEAL_BYTES)) ?? false).toBe(false);
    }
  });
});
