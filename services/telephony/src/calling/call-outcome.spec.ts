import { describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { type CarrierCall } from '../carrier/carrier.js';
import { afterDenial, endOf, scriptFor } from './call-outcome.js';

const { DenialReason } = contactsV1;
const denial = (reason: contactsV1.DenialReason, retryAfter?: Date) =>
  ({ kind: 'denial', attemptId: '', rule: 'spec', citation: 'spec', reason, retryAfter }) as const;
const over = (change: Partial<CarrierCall>): CarrierCall => ({
  state: 'ended',
  hasRecording: false,
  ...change,
});
const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms);

describe('what a denial makes of a call', () => {
  it('ends it as skipped where the answer will not change by itself', () => {
    expect(afterDenial(denial(DenialReason.DENIAL_REASON_OPTED_OUT), at(10_000))).toEqual({
      end: { outcome: 'skipped', reason: 'opted_out', durationMs: 0 },
    });
  });

  it('ends it where a rule forbids it for longer than anybody waits for a call, and waits for what is near', () => {
    const outside = (ms: number) => denial(DenialReason.DENIAL_REASON_OUTSIDE_HOURS, at(ms));
    expect(afterDenial(outside(3_600_000), at(10_000))).toEqual({
      end: { outcome: 'skipped', reason: 'outside_hours', durationMs: 0 },
    });
    expect(afterDenial(outside(5_000), at(10_000))).toEqual({ askAgain: 'denied' });
  });

  it('asks again where it passes, and where a newer contacts says what we do not know', () => {
    expect(afterDenial(denial(DenialReason.DENIAL_REASON_QUARANTINE), at(10_000))).toEqual({
      askAgain: 'quarantine',
    });
    expect(afterDenial(denial(99 as contactsV1.DenialReason), at(10_000))).toEqual({ askAgain: 'denied' });
  });
});

describe('what the carrier says of a call that is over', () => {
  it('is a conversation, however it ended, where the phone was answered', () => {
    for (const endReason of ['completed', 'hung-up', 'cancelled'] as const) {
      const seen = over({ endReason, answeredAt: at(0), endedAt: at(1_500) });
      expect(endOf(seen, 'erased')).toMatchObject({ outcome: 'sent', reason: '', durationMs: 1_500 });
    }
  });

  it.each([
    ['completed', undefined, 'other_side'],
    // They were quicker than our apology.
    ['completed', 'revocation', 'other_side'],
    ['hung-up', 'revocation', 'revocation'],
    ['hung-up', 'revoked', 'revocation'],
    ['hung-up', 'opted_out', 'key'],
    ['hung-up', 'erased', 'erasure'],
    ['hung-up', 'stopping', 'shutdown'],
    ['hung-up', undefined, 'time_limit'],
  ] as const)('tells who ended a conversation: %s, %s', (endReason, hungUp, endedBy) => {
    expect(endOf(over({ endReason, answeredAt: at(0) }), hungUp)).toMatchObject({ endedBy });
  });

  it('is no conversation of less than no time where its clock was set back', () => {
    expect(endOf(over({ answeredAt: at(0), endedAt: at(-500) })).durationMs).toBe(0);
  });

  it('bears our own reason where we stopped the ringing, and its reason otherwise', () => {
    expect(endOf(over({ endReason: 'cancelled' }), 'revoked').reason).toBe('revoked');
    expect(endOf(over({ endReason: 'busy' }), 'revoked').reason).toBe('busy');
    expect(endOf(over({ endReason: 'no-answer' }))).toEqual({
      outcome: 'failed',
      reason: 'no_answer',
      durationMs: 0,
    });
    expect(endOf(over({ endReason: 'declined' })).reason).toBe('declined');
    expect(endOf(over({ endReason: 'invalid' })).reason).toBe('invalid_number');
    expect(endOf(over({ endReason: 'unwanted' })).reason).toBe('unwanted');
    expect(endOf(over({ endReason: 'blocked' })).reason).toBe('blocked');
    expect(endOf(over({})).reason).toBe('carrier_failed');
  });

  it('is nothing that anybody knows where the carrier never said a word', () => {
    expect(endOf(over({ endReason: 'silent' }), 'revoked')).toEqual({
      outcome: 'unknown',
      reason: 'carrier_silent',
      durationMs: 0,
    });
  });
});

describe('what is said first', () => {
  it('is that the call is recorded, exactly where it is', () => {
    expect(scriptFor(true)).toBe('This call is recorded.');
    expect(scriptFor(false)).toBe('');
  });
});
