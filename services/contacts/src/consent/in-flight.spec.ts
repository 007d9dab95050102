import { describe, expect, it } from '@jest/globals';
import { contactsV1, messagingV1, telephonyV1, typesV1 } from '@heed/contracts';
import { standingOfCall, standingOfMessage, wasInFlight } from './in-flight.js';

const { AttemptState, Delivery } = messagingV1;
const { CallEndedBy, CallState } = telephonyV1;
const { Outcome } = typesV1;
const State = contactsV1.InFlightState;
const BEFORE = '2026-11-27T09:00:00.000Z';
const AT = new Date('2026-11-27T09:00:01.000Z');
const AFTER = '2026-11-27T09:00:02.000Z';

const message = (change: Partial<messagingV1.Attempt>) =>
  standingOfMessage(messagingV1.Attempt.fromPartial({ armedAt: BEFORE, concludedAt: BEFORE, ...change }));
const call = (change: Partial<telephonyV1.Call>) =>
  standingOfCall(telephonyV1.Call.fromPartial({ createdAt: BEFORE, endedAt: AFTER, ...change }));

describe('2.10 what was on its way when somebody opted out', () => {
  const concluded = AttemptState.ATTEMPT_STATE_CONCLUDED;
  it.each([
    ['waits for a permit', { state: AttemptState.ATTEMPT_STATE_QUEUED }, State.IN_FLIGHT_STATE_STOPPED],
    [
      'went back to its campaign',
      { state: AttemptState.ATTEMPT_STATE_DEFERRED },
      State.IN_FLIGHT_STATE_STOPPED,
    ],
    ['is in a sender’s hand', { state: AttemptState.ATTEMPT_STATE_ARMED }, State.IN_FLIGHT_STATE_UNDER_WAY],
    [
      'a mail server took, and said nothing since',
      { state: concluded, outcome: Outcome.OUTCOME_SENT },
      State.IN_FLIGHT_STATE_HANDED_OVER,
    ],
    [
      'came back',
      { state: concluded, outcome: Outcome.OUTCOME_SENT, delivery: Delivery.DELIVERY_HARD_BOUNCE },
      State.IN_FLIGHT_STATE_ENDED,
    ],
    ['failed', { state: concluded, outcome: Outcome.OUTCOME_FAILED }, State.IN_FLIGHT_STATE_ENDED],
    [
      'nobody can tell of',
      { state: concluded, outcome: Outcome.OUTCOME_UNKNOWN },
      State.IN_FLIGHT_STATE_UNKNOWN,
    ],
    ['was skipped', { state: concluded, outcome: Outcome.OUTCOME_SKIPPED }, State.IN_FLIGHT_STATE_STOPPED],
  ])('of a message that %s', (_what, attempt, state) => expect(message(attempt).state).toBe(state));

  const ended = CallState.CALL_STATE_ENDED;
  it.each([
    ['waits', { state: CallState.CALL_STATE_QUEUED }, State.IN_FLIGHT_STATE_STOPPED],
    ['rings', { state: CallState.CALL_STATE_RINGING }, State.IN_FLIGHT_STATE_UNDER_WAY],
    ['is spoken in', { state: CallState.CALL_STATE_ANSWERED }, State.IN_FLIGHT_STATE_UNDER_WAY],
    [
      'stopped ringing for it',
      { state: ended, outcome: Outcome.OUTCOME_FAILED, reason: 'revoked' },
      State.IN_FLIGHT_STATE_STOPPED,
    ],
    [
      'was ended with an apology',
      { state: ended, outcome: Outcome.OUTCOME_SENT, endedBy: CallEndedBy.CALL_ENDED_BY_REVOCATION },
      State.IN_FLIGHT_STATE_STOPPED,
    ],
    [
      'came to its end',
      { state: ended, outcome: Outcome.OUTCOME_SENT, endedBy: CallEndedBy.CALL_ENDED_BY_OTHER_SIDE },
      State.IN_FLIGHT_STATE_ENDED,
    ],
    ['nobody can tell of', { state: ended, outcome: Outcome.OUTCOME_UNKNOWN }, State.IN_FLIGHT_STATE_UNKNOWN],
  ])('of a call that %s', (_what, change, state) => expect(call(change).state).toBe(state));

  it('is not what had come to its end before', () => {
    const was = (state: contactsV1.InFlightState, since?: string) =>
      wasInFlight({ state, ...(since && { since: new Date(since) }) }, AT);
    expect(was(State.IN_FLIGHT_STATE_ENDED, BEFORE)).toBe(false);
    expect(was(State.IN_FLIGHT_STATE_ENDED, AFTER)).toBe(true);
    // With others, in doubt or not told: for as long as nobody says that it is not.
    expect(was(State.IN_FLIGHT_STATE_HANDED_OVER, BEFORE)).toBe(true);
    expect(was(State.IN_FLIGHT_STATE_UNKNOWN, BEFORE)).toBe(true);
    expect(was(State.IN_FLIGHT_STATE_NOT_TOLD)).toBe(true);
  });
});
