import { describe, expect, it } from '@jest/globals';
import { causeOf } from './hang-up-cause.js';
import { readMessage } from './sip-message.js';

const answer = (status: number, reason?: string) =>
  readMessage(
    Buffer.from(
      [
        `SIP/2.0 ${status} X`,
        'Via: SIP/2.0/UDP a;branch=b',
        'From: <sip:a@b>;tag=1',
        'To: <sip:c@d>;tag=2',
        'Call-ID: e',
        'CSeq: 1 INVITE',
        ...(reason ? [`Reason: ${reason}`] : []),
        '',
        '',
      ].join('\r\n'),
    ),
  )!;

describe('why a call did not come to be', () => {
  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [480, 'no-answer'],
    [408, 'no-answer'],
    [603, 'declined'],
    [404, 'invalid'],
    [484, 'invalid'],
    [604, 'invalid'],
    [487, 'cancelled'],
    [403, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
    [302, 'failed'],
    [607, 'unwanted'],
    [608, 'blocked'],
  ])('is said by %d', (status, cause) => expect(causeOf(answer(status))).toBe(cause));

  it('is known better by the network behind the trunk', () => {
    expect(causeOf(answer(500, 'Q.850;cause=17;text="User busy"'))).toBe('busy');
    expect(causeOf(answer(480, 'SIP;cause=480, Q.850;cause=1'))).toBe('invalid');
    expect(causeOf(answer(480, 'Q.850;cause=127'))).toBe('no-answer');
    expect(causeOf(answer(486, 'Q.850;cause=many'))).toBe('busy');
  });

  it('is a no for good wherever a person said one, whatever a gateway makes of it', () => {
    expect(causeOf(answer(607, 'Q.850;cause=21'))).toBe('unwanted');
    expect(causeOf(answer(603, 'SIP;cause=607;text="Unwanted", Q.850;cause=21'))).toBe('unwanted');
    expect(causeOf(answer(607, 'SIP;cause=603;text="v=analytics1;id=1"'))).toBe('unwanted');
  });

  it('is nobody’s word where a network refused it by analytics', () => {
    expect(causeOf(answer(603, 'SIP;cause=603;text="v=analytics1;url=https://a.example;id=1"'))).toBe(
      'blocked',
    );
    expect(causeOf(answer(603, 'SIP;cause=603;text="busy, and v=analytics1"'))).toBe('declined');
  });

  it('is our own CANCEL, whatever else is said', () => {
    expect(causeOf(answer(487, 'Q.850;cause=17'))).toBe('cancelled');
  });
});
