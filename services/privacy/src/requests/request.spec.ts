import { describe, expect, it } from '@jest/globals';
import { dueAt, extendedDue, isWhole, nextStep, type Progress } from './request.js';

const all = { unanswered: 0, unprobed: 0, found: false, untold: 0 };

describe('a request', () => {
  it.each([
    ['2026-11-24T10:00:00.000Z', '2026-12-24T10:00:00.000Z'],
    ['2026-12-31T23:59:59.000Z', '2027-01-31T23:59:59.000Z'],
    ['2027-01-31T08:00:00.000Z', '2027-02-28T08:00:00.000Z'],
    ['2028-01-30T08:00:00.000Z', '2028-02-29T08:00:00.000Z'],
    ['2026-10-31T08:00:00.000Z', '2026-11-30T08:00:00.000Z'],
  ])('of %s is due by %s', (received, due) => {
    expect(dueAt(new Date(received)).toISOString()).toBe(due);
  });

  it.each([
    ['2026-12-24T10:00:00.000Z', '2027-02-24T10:00:00.000Z'],
    ['2027-01-31T08:00:00.000Z', '2027-03-31T08:00:00.000Z'],
    ['2026-12-31T08:00:00.000Z', '2027-02-28T08:00:00.000Z'],
  ])('that was due by %s and is extended is due by %s', (due, extended) => {
    expect(extendedDue(new Date(due)).toISOString()).toBe(extended);
  });

  it('6.4 that was closed with exceptions is searched once the silent have answered, and is whole when all is in', () => {
    const state = 'COMPLETED_WITH_EXCEPTIONS';
    expect(nextStep('ERASURE', state, { ...all, unanswered: 1, unprobed: 9 })).toBe('wait');
    expect(nextStep('ERASURE', state, { ...all, unprobed: 9 })).toBe('probe late');
    expect(nextStep('RESTRICTION', state, { ...all, unprobed: 9 })).toBe('wait');
    expect(isWhole('ERASURE', { ...all, unprobed: 1 })).toBe(false);
    expect(isWhole('ERASURE', { ...all, found: true })).toBe(false);
    expect(isWhole('RESTRICTION', { ...all, unprobed: 9 })).toBe(true);
  });

  it('6.4 never goes on while one store has not answered, whatever the others say', () => {
    const missing: Progress = { ...all, unanswered: 1 };
    for (const state of ['FANNED_OUT', 'PROBING'] as const) {
      expect(nextStep('ERASURE', state, missing)).toBe('wait');
      expect(nextStep('ACCESS', state, missing)).toBe('wait');
    }
  });

  it('for erasure is probed once all have answered, and closed once all probes are clean', () => {
    expect(nextStep('ERASURE', 'FANNED_OUT', { ...all, unprobed: 9 })).toBe('probe');
    expect(nextStep('ERASURE', 'PROBING', { ...all, unprobed: 1 })).toBe('wait');
    expect(nextStep('ERASURE', 'PROBING', all)).toBe('close');
  });

  it('6.4 is not closed while a processor that has something of the person was not told', () => {
    expect(nextStep('ERASURE', 'PROBING', { ...all, untold: 1 })).toBe('wait');
    expect(nextStep('ERASURE', 'FANNED_OUT', { ...all, unprobed: 9, untold: 1 })).toBe('probe');
    expect(isWhole('ERASURE', { ...all, untold: 1 })).toBe(false);
  });

  it('needs a person where a probe has found something, and is not closed', () => {
    expect(nextStep('ERASURE', 'PROBING', { ...all, found: true })).toBe('attend');
    expect(nextStep('ERASURE', 'NEEDS_ATTENTION', { ...all, found: true })).toBe('wait');
  });

  it('for access is packed, without probes', () => {
    expect(nextStep('ACCESS', 'FANNED_OUT', { ...all, unprobed: 9 })).toBe('package');
  });
});
