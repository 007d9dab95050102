import { describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Denial } from '@heed/permits';
import {
  afterDenial,
  afterDomainWait,
  afterFailingDomain,
  afterHandOver,
  ofNobody,
  pauseAfter,
} from './outcome.js';

const { DenialReason: Reason } = contactsV1;
const at = new Date('2026-11-23T09:00:00Z');
const inMs = (ms: number) => new Date(at.getTime() + ms);

function denial(reason: contactsV1.DenialReason, retryAfter?: Date): Denial {
  return { kind: 'denial', attemptId: newId(), reason, rule: 'spec', citation: 'spec', retryAfter };
}

describe('a denial', () => {
  it.each([
    [Reason.DENIAL_REASON_NO_CONSENT, 'no_consent'],
    [Reason.DENIAL_REASON_OPTED_OUT, 'opted_out'],
    [Reason.DENIAL_REASON_SUPPRESSED, 'suppressed'],
    [Reason.DENIAL_REASON_NO_ENDPOINT, 'no_endpoint'],
    [Reason.DENIAL_REASON_UNKNOWN_CONTACT, 'unknown_contact'],
    [Reason.DENIAL_REASON_STOPPED, 'stopped'],
    [Reason.DENIAL_REASON_RESTRICTED, 'restricted'],
  ])('%i skips with reason %s', (reason, code) => {
    expect(afterDenial(denial(reason), { putOff: 0, deferrals: 0 }, at)).toEqual({
      end: { outcome: 'skipped', reason: code, lateMs: 0 },
    });
  });

  it.each([
    Reason.DENIAL_REASON_TOO_LATE,
    Reason.DENIAL_REASON_QUARANTINE,
    Reason.DENIAL_REASON_ALREADY_ISSUED,
    Reason.DENIAL_REASON_UNSPECIFIED,
    Reason.UNRECOGNIZED,
  ])('%i passes: the attempt waits, longer each time', (reason) => {
    expect(afterDenial(denial(reason), { putOff: 0, deferrals: 0 }, at)).toEqual({ again: inMs(100) });
    expect(afterDenial(denial(reason), { putOff: 3, deferrals: 0 }, at)).toEqual({ again: inMs(800) });
    expect(afterDenial(denial(reason), { putOff: 50, deferrals: 0 }, at)).toEqual({ again: inMs(30_000) });
  });

  it('7.3 until a time goes back to its campaign until then, and ends nothing', () => {
    const until = inMs(3_600_000);
    const first = { putOff: 0, deferrals: 0 };
    expect(afterDenial(denial(Reason.DENIAL_REASON_QUARANTINE, until), first, at)).toEqual({
      ...{ until, reason: 'quarantine' },
    });
    expect(afterDenial(denial(Reason.DENIAL_REASON_QUARANTINE, inMs(4_000)), first, at)).toEqual({
      again: inMs(4_000),
    });
    expect(
      afterDenial(denial(Reason.DENIAL_REASON_QUARANTINE, until), { putOff: 0, deferrals: 20 }, at),
    ).toEqual({ end: { outcome: 'skipped', reason: 'quarantine', lateMs: 0 } });
  });

  it('of a single message, which has no campaign to go back to, waits here, and not for ever', () => {
    const deferral = { until: inMs(3_600_000), reason: 'outside_hours' };
    expect(ofNobody(deferral, { putOff: 0 }, at)).toEqual({ again: deferral.until, lateMs: 0 });
    const ended = { end: { outcome: 'skipped', reason: 'outside_hours', lateMs: 0 } };
    expect(ofNobody(deferral, { putOff: 100 }, at)).toEqual(ended);
    expect(ofNobody({ ...deferral, until: inMs(24 * 3_600_000 + 1) }, { putOff: 0 }, at)).toEqual(ended);
    expect(ofNobody({ again: at }, { putOff: 100 }, at)).toEqual({ again: at });
  });

  it('pauses from a tenth of a second to half a minute', () => {
    expect(pauseAfter(0)).toBe(100);
    expect(pauseAfter(1_000)).toBe(30_000);
  });
});

describe('a hand-over', () => {
  it('that was accepted is sent, with how late it was', () => {
    expect(afterHandOver({ kind: 'accepted' }, { lateMs: 12, putOff: 0, deferrals: 0 }, at)).toEqual({
      end: { outcome: 'sent', reason: '', lateMs: 12 },
    });
  });

  it('1.4 that was refused has failed, with the code and no text', () => {
    expect(
      afterHandOver({ kind: 'refused', reason: 'smtp_550' }, { lateMs: 0, putOff: 0, deferrals: 0 }, at),
    ).toEqual({
      end: { outcome: 'failed', reason: 'smtp_550', lateMs: 0 },
    });
  });

  it.each(['withheld', 'lost'] as const)(
    'that was %s before it began waits again, at once and then longer',
    (kind) => {
      expect(afterHandOver({ kind, stage: 'not-begun' }, { lateMs: 0, putOff: 3, deferrals: 0 }, at)).toEqual(
        {
          again: inMs(800),
        },
      );
      expect(afterHandOver({ kind, stage: 'not-begun' }, { lateMs: 0, putOff: 0, deferrals: 0 }, at)).toEqual(
        {
          again: at,
        },
      );
    },
  );

  it('2.6 that was withheld before its end is skipped for the reason that contacts gave, and how late it had begun is kept', () => {
    const told = denial(Reason.DENIAL_REASON_OPTED_OUT);
    expect(
      afterHandOver(
        { kind: 'withheld', stage: 'begun' },
        { lateMs: 5, denial: told, putOff: 0, deferrals: 0 },
        at,
      ),
    ).toEqual({
      end: { outcome: 'skipped', reason: 'opted_out', lateMs: 5 },
    });
  });

  it('that was withheld before its end, with nobody to ask, waits again, and has failed in the end', () => {
    const withheld = { kind: 'withheld', stage: 'begun' } as const;
    expect(afterHandOver(withheld, { lateMs: 7, putOff: 9, deferrals: 0 }, at)).toEqual({
      again: inMs(30_000),
      lateMs: 7,
    });
    expect(afterHandOver(withheld, { lateMs: 0, putOff: 10, deferrals: 0 }, at)).toEqual({
      end: { outcome: 'failed', reason: 'permit_expired', lateMs: 0 },
    });
  });

  it('that was lost before the final dot has failed, after it nobody can tell', () => {
    expect(
      afterHandOver({ kind: 'lost', stage: 'begun' }, { lateMs: 0, putOff: 0, deferrals: 0 }, at),
    ).toMatchObject({
      end: { outcome: 'failed', reason: 'connection_lost' },
    });
    expect(
      afterHandOver({ kind: 'lost', stage: 'ended' }, { lateMs: 0, putOff: 0, deferrals: 0 }, at),
    ).toMatchObject({
      end: { outcome: 'unknown', reason: 'connection_lost' },
    });
  });

  it('that was put off before it began waits here for a moment, then goes back to its campaign, and in the end is left', () => {
    const putOff = { kind: 'put-off', reply: 421 } as const;
    const after = (times: { putOff: number; deferrals: number }) =>
      afterHandOver(putOff, { lateMs: 0, ...times }, at);
    expect(after({ putOff: 0, deferrals: 0 })).toEqual({ again: inMs(100) });
    expect(after({ putOff: 6, deferrals: 0 })).toEqual({ until: inMs(6_400), reason: 'mail_server_busy' });
    expect(after({ putOff: 7, deferrals: 1 })).toEqual({ until: inMs(60_000), reason: 'mail_server_busy' });
    expect(after({ putOff: 9, deferrals: 19 })).toEqual({ until: inMs(900_000), reason: 'mail_server_busy' });
    expect(after({ putOff: 9, deferrals: 20 })).toEqual({
      end: { outcome: 'skipped', reason: 'mail_server_busy', lateMs: 0 },
    });
  });
});

describe('a message whose sender’s domain fails', () => {
  it('waits for it most of a day, an hour at a time', () => {
    const reason = 'sender_domain_failing';
    expect(afterFailingDomain({ deferrals: 19 }, at)).toEqual({ until: inMs(3_600_000), reason });
    expect(afterFailingDomain({ deferrals: 20 }, at)).toMatchObject({ end: { outcome: 'skipped', reason } });
  });
});

describe('a message whose domain takes nothing now', () => {
  it('waits here for a limit of our own, and goes back to its campaign until a server may have calmed down', () => {
    const wait = { ms: 60_000, reason: 'limit' } as const;
    expect(afterDomainWait(wait, { deferrals: 20 }, at)).toEqual({ again: inMs(60_000), uncounted: true });
    expect(afterDomainWait({ ...wait, reason: 'back_off' }, { deferrals: 0 }, at)).toEqual({
      ...{ until: inMs(60_000), reason: 'mail_server_busy' },
    });
  });
});
