import { describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { verdictOn } from './session.js';

const at = new Date('2026-11-23T09:00:00Z');
const later = new Date(at.getTime() + 1);
const session = { sessionId: newId(), memberId: newId(), endedAt: null };
const token = { ...session, expiresAt: later, usedAt: null };

describe('a refresh token', () => {
  it('is exchanged once, while it and its session last', () => {
    expect(verdictOn(token, session, at)).toBe('rotate');
    expect(verdictOn(token, session, later)).toBe('refuse');
    expect(verdictOn(token, { ...session, endedAt: at }, at)).toBe('refuse');
    expect(verdictOn(undefined, undefined, at)).toBe('refuse');
    expect(verdictOn(token, undefined, at)).toBe('refuse');
  });

  it('ends its session when it is shown again', () => {
    expect(verdictOn({ ...token, usedAt: at }, session, at)).toBe('end');
  });

  it('that expired after its use tells nothing any more', () => {
    expect(verdictOn({ ...token, usedAt: at }, session, later)).toBe('refuse');
  });
});
