import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId, NIL_UUID } from '@heed/kernel';
import { readToken, writeToken } from './one-time-token.js';

describe('a one-time token', () => {
  it('says its tenant and leads to the digest that was kept', () => {
    for (const tenantId of [newId(), NIL_UUID]) {
      const { text, hash } = writeToken('refresh', tenantId, randomBytes(32));
      expect(readToken('refresh', text)).toEqual({ tenantId, hash });
    }
  });

  it('of one kind is none of another, even when its prefix is changed', () => {
    const { text, hash } = writeToken('invitation', newId(), randomBytes(32));
    expect(readToken('refresh', text)).toBeUndefined();
    expect(readToken('refresh', text.replace('hdi_', 'hdr_'))?.hash).not.toEqual(hash);
  });

  it('has one spelling: anything else is refused before a database is asked', () => {
    const { text } = writeToken('refresh', newId(), randomBytes(32));
    for (const other of [
      '',
      'hdr_',
      'hdr_x',
      `${text}=`,
      `${text} `,
      text.slice(0, -1),
      `${text}A`,
      'hdr_' + '*'.repeat(64),
      'x'.repeat(5000),
    ]) {
      expect(readToken('refresh', other)).toBeUndefined();
    }
  });

  it('with another tenant written into it leads to a digest that nobody kept', () => {
    const secret = randomBytes(32);
    const [mine, theirs] = [writeToken('refresh', newId(), secret), writeToken('refresh', newId(), secret)];
    expect(mine.hash).not.toEqual(theirs.hash);
  });
});
