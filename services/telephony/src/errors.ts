import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that telephony answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  CALL_NOT_FOUND: ['not-found', 'no call with this id in this tenant, or its person was erased'],
  RECORDING_NOT_FOUND: ['not-found', 'the call has no recording, or it is not kept yet'],
  SPOKEN_DOUBT_NOT_FOUND: [
    'not-found',
    'no words in a call are in doubt under this id: unknown, decided already, or of somebody who was erased',
  ],
  CARRIER_UNAVAILABLE: ['unavailable', 'the carrier does not answer'],
  CARRIER_ANSWER_UNREADABLE: ['unavailable', 'the carrier answered with something else than was agreed'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export function refusal(
  reason: keyof typeof ERRORS,
  options: Omit<DomainErrorOptions, 'message'> = {},
): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
