import { describe, expect, it } from '@jest/globals';
import { mailBytes } from './mail-bytes.js';

describe('how large a mail is', () => {
  it('counts texts as quoted-printable and files as base64 write them', () => {
    expect(mailBytes(['abc', 'ü='], [])).toBe(3 + 6 + 3);
    // 57 bytes are a whole line of base64.
    expect(mailBytes([], [{ size: 57 }, { size: 1 }])).toBe(78 + 6);
  });
});
