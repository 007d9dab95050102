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
    const longest = { ...link, purpose: `a${'b'.repeat(62)}`, channel: 'voice' as const };
    expect(readToken(tokenOf(encodeLink(longest), seal))?.link).toEqual(longest);
    expect(tokenOf(encodeLink(link), seal).length).toBeLessThan(135);
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
