import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that identity answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  BOOTSTRAP_SECRET_WRONG: [
    'permission-denied',
    'the bootstrap secret is wrong, or identity was given none (HEED_BOOTSTRAP_SECRET)',
  ],
  OPERATOR_EXISTS: ['failed-precondition', 'the installation has its operator: sign in instead'],
  SLUG_TAKEN: ['already-exists', 'another tenant has this slug: choose another'],
  TENANT_NOT_FOUND: ['not-found', 'no such tenant'],
  MEMBER_NOT_FOUND: ['not-found', 'no member with this id in this tenant'],
  MEMBER_EXISTS: ['already-exists', 'this address has an account in this tenant'],
  ROLE_ABOVE_OWN: ['permission-denied', 'only an owner makes an owner'],
  INVITATION_INVALID: ['not-found', 'this is no invitation: ask for a new one'],
  INVITATION_EXPIRED: ['failed-precondition', 'the invitation has expired: ask for a new one'],
  INVITATION_USED: ['failed-precondition', 'the invitation was used: sign in with the password that was set'],
  RESET_INVALID: ['not-found', 'this is no link that sets a password, or its hour is over: ask for another'],
  RESET_USED: ['failed-precondition', 'this link was used, or another one was: ask for a new one'],
  RESET_SOURCE_WAITS: [
    'resource-exhausted',
    'too many links were asked for from your address: one more is looked at every 30 seconds',
  ],
  API_KEY_NOT_FOUND: ['not-found', 'no API key with this id in this tenant'],
  API_KEYS_TOO_MANY: [
    'resource-exhausted',
    'the tenant has 50 keys that can be used: revoke what nobody uses',
  ],
  API_KEY_INVALID: ['unauthenticated', 'this is no API key of this installation'],
  API_KEY_REVOKED: ['unauthenticated', 'the API key was revoked, or the account of its maker was closed'],
  API_KEY_EXPIRED: ['unauthenticated', 'the time of this API key is over: make another'],
  SIGN_IN_REFUSED: [
    'unauthenticated',
    'tenant, address or password is wrong; after 5 failures an account waits before it looks at the next try',
  ],
  SIGN_IN_SOURCE_WAITS: [
    'resource-exhausted',
    'too many sign-ins from your address were refused: one more is looked at every 30 seconds',
  ],
  SIGN_IN_BUSY: ['resource-exhausted', 'too many sign-ins at once: try again in a moment'],
  REFRESH_TOKEN_INVALID: ['unauthenticated', 'the refresh token is not valid any more: sign in again'],
  REFRESH_TOKEN_REUSED: [
    'unauthenticated',
    'this refresh token was used before, so the session was ended: sign in again',
  ],
  REGISTRATION_SECRET_WRONG: ['permission-denied', 'metadata heed-registration is missing or wrong'],
  SERVICE_KEY_PROOF_INVALID: [
    'invalid-argument',
    'the proof is not a signature by this key over "heed service key:<service>"',
  ],
  SERVICE_KEY_ENDORSEMENT_INVALID: [
    'invalid-argument',
    'the endorsement is not a signature by the registered key over "heed service key change:<service>:<key id>"',
  ],
  SERVICE_KEY_DIFFERS: [
    'failed-precondition',
    'the service has registered another key: heed keys rotate; if the old one is lost or stolen, heed keys revoke',
  ],
  SERVICE_KEY_NOT_FOUND: ['not-found', 'the service has no key with this id: heed keys list'],
  SERVICE_KEY_SUCCESSOR_MISSING: [
    'failed-precondition',
    'the service signs with this key: name the one that follows it (heed keys revoke, where its key file is)',
  ],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export function refusal(
  reason: keyof typeof ERRORS,
  options: Omit<DomainErrorOptions, 'message'> = {},
): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
