import { describe, expect, it } from '@jest/globals';
import { ALL_OUTREACH } from '@heed/contracts';
import { newId } from '@heed/kernel';
import {
  covers,
  decisive,
  EVERYTHING,
  isAlreadyOut,
  judgeConsent,
  judgeImported,
  type ConsentState,
  type ConsentValue,
  type Scope,
} from './consent.js';

const newsletter: Scope = { channel: 'email', purpose: 'newsletter', sender: '' };
const calls: Scope = { channel: 'voice', purpose: 'newsletter', sender: '' };
const acme: Scope = { ...newsletter, sender: 'news@acme.example' };
const fromAcme: Scope = { ...acme, purpose: '' };
const day = (n: number): Date => new Date(Date.UTC(2026, 10, n));

function said(state: ConsentValue, scope: Scope, epoch: number): ConsentState {
  return { ...scope, state, entryId: newId(), epoch: BigInt(epoch), saidAt: day(epoch), since: day(epoch) };
}

describe('the consent of a person', () => {
  it('is what was said last about the channel and purpose, or about more', () => {
    const states = [said('granted', newsletter, 1), said('opted_out', EVERYTHING, 2)];
    expect(decisive(states, newsletter)?.state).toBe('opted_out');
    expect(decisive([...states, said('granted', newsletter, 3)], newsletter)?.state).toBe('granted');
    expect(decisive([...states, said('granted', newsletter, 3)], calls)?.state).toBe('opted_out');
    expect(decisive([said('opted_out', calls, 2)], newsletter)).toBeUndefined();
  });

  it('is withdrawn for a channel or a purpose as a whole', () => {
    const states = [said('granted', newsletter, 1), said('opted_out', { ...newsletter, purpose: '' }, 2)];
    expect(decisive(states, newsletter)?.state).toBe('opted_out');
    expect(covers({ ...newsletter, channel: '' }, newsletter)).toBe(true);
    expect(covers(newsletter, EVERYTHING)).toBe(false);
  });

  it('is withdrawn as far as the person may refuse, and not for what rests on a contract or a law', () => {
    const outreach: Scope = { ...newsletter, purpose: ALL_OUTREACH };
    const receipt: Scope = { ...newsletter, purpose: 'receipt' };
    const states = [said('granted', newsletter, 1), said('opted_out', outreach, 2)];
    expect(decisive(states, newsletter)?.state).toBe('opted_out');
    expect(decisive(states, { ...newsletter, purpose: 'tracking' })?.state).toBe('opted_out');
    expect(decisive(states, receipt)).toBeUndefined();
    expect(decisive(states, calls)).toBeUndefined();
    // What was agreed to afterwards is heard; the rest stays withdrawn.
    const again = [...states, said('granted', newsletter, 3)];
    expect(decisive(again, newsletter)?.state).toBe('granted');
    expect(decisive(again, { ...newsletter, purpose: 'offers' })?.state).toBe('opted_out');
    expect(isAlreadyOut(states, outreach)).toBe(true);
    expect(isAlreadyOut(again, outreach)).toBe(false);
    // "Nothing at all" is more than that, and stays said though somebody says less afterwards.
    expect(isAlreadyOut(states, EVERYTHING)).toBe(false);
    const nothing = [said('opted_out', EVERYTHING, 1), said('opted_out', outreach, 2)];
    expect(decisive(nothing, receipt)?.state).toBe('opted_out');
    expect(isAlreadyOut(nothing.slice(0, 1), outreach)).toBe(true);
    expect(judgeImported(states, { ...newsletter, purpose: 'offers' })).toBe('opted_out');
  });

  it('is nothing more to withdraw only when nothing in the scope was agreed to since', () => {
    const out = said('opted_out', EVERYTHING, 2);
    expect(isAlreadyOut([], newsletter)).toBe(false);
    expect(isAlreadyOut([said('granted', newsletter, 1), out], EVERYTHING)).toBe(true);
    expect(isAlreadyOut([said('granted', newsletter, 1), out], newsletter)).toBe(true);
    expect(isAlreadyOut([out, said('granted', newsletter, 3)], EVERYTHING)).toBe(false);
    expect(isAlreadyOut([out, said('granted', newsletter, 3)], calls)).toBe(true);
  });

  it('is withdrawn for a sender alone, and given back to it by its name alone', () => {
    const states = [said('granted', newsletter, 1), said('opted_out', fromAcme, 2)];
    const other = { ...newsletter, sender: 'news@other.example' };
    expect(decisive(states, acme)?.state).toBe('opted_out');
    expect(decisive(states, other)?.state).toBe('granted');
    const agreedToNobody = [...states, said('granted', newsletter, 3)];
    expect(decisive(agreedToNobody, acme)?.state).toBe('opted_out');
    const agreedToAcme = [...agreedToNobody, said('granted', acme, 4)];
    expect(decisive(agreedToAcme, acme)?.state).toBe('granted');
    expect(decisive(agreedToAcme, { ...acme, purpose: 'offers' })?.state).toBe('opted_out');
    expect(decisive([...agreedToAcme, said('opted_out', EVERYTHING, 5)], acme)?.state).toBe('opted_out');
  });

  it('is not given again by a statement older than the opt-out', () => {
    const states = [said('opted_out', newsletter, 5)];
    expect(judgeConsent(states, newsletter, day(4))).toBe('older_than_opt_out');
    expect(judgeConsent(states, newsletter, day(5))).toBe('older_than_opt_out');
    expect(judgeConsent(states, newsletter, day(6))).toBe('grant');
    expect(judgeConsent([], newsletter, day(1))).toBe('grant');
  });

  it('10.7 is never changed by an import, however new the file claims to be', () => {
    expect(judgeImported([], newsletter)).toBe('grant');
    expect(judgeImported([said('granted', newsletter, 1)], newsletter)).toBe('known');
    expect(judgeImported([said('opted_out', EVERYTHING, 1)], newsletter)).toBe('opted_out');
    expect(judgeImported([said('opted_out', calls, 1)], newsletter)).toBe('grant');
  });
});
