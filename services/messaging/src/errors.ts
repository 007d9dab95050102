import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that messaging answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  ATTEMPT_NOT_FOUND: ['not-found', 'no attempt with this id in this tenant, or its person was erased'],
  CONTACT_NOT_FOUND: ['not-found', 'no contact with this id in this tenant, or they were erased'],
  TEMPLATE_NOT_FOUND: ['not-found', 'no template with this id in this tenant'],
  TEMPLATE_NOT_TRANSACTIONAL: [
    'failed-precondition',
    'the template is for campaigns: create one of kind TRANSACTIONAL for single messages',
  ],
  MESSAGE_RATE_EXCEEDED: [
    'resource-exhausted',
    'the tenant has asked for as many single messages as a minute has room for: again from retry_after',
  ],
  MESSAGE_NOT_FOUND: ['not-found', 'nothing was written for this attempt'],
  REPLY_NOT_FOUND: ['not-found', 'no answer in doubt with this id in this tenant, or its person was erased'],
  REPLY_DECIDED: [
    'failed-precondition',
    'somebody decided otherwise before: an opt-out stands, record a consent instead',
  ],
  SENDER_DOMAIN_NOT_FOUND: ['not-found', 'no sender domain with this id in this tenant'],
  SENDER_DOMAIN_EXISTS: ['already-exists', 'the tenant has this domain: `heed domains list` shows it'],
  TOO_MANY_SENDER_DOMAINS: ['resource-exhausted', '200 domains are the most: delete one that is not used'],
  ROTATION_PENDING: [
    'failed-precondition',
    'there are keys whose records are not in DNS yet: put them there, or wait until they are seen',
  ],
  PROVIDER_CONNECTION_NOT_FOUND: [
    'not-found',
    'no connection to a mail provider with this id in this tenant',
  ],
  PROVIDER_CONNECTIONS_TOO_MANY: [
    'resource-exhausted',
    'the tenant has as many connections to mail providers as it may have: delete one first',
  ],
  WEBHOOK_REFUSED: [
    'unauthenticated',
    'no such connection, or not signed with its secret, or more than 5 minutes off: compare path, secret and clock',
  ],
  WEBHOOK_UNREADABLE: [
    'invalid-argument',
    'signed, but not of the form in /openapi.json: put a translator in between, and let the provider send it again',
  ],
  LINK_INVALID: ['not-found', 'not a link of ours'],
  PERMIT_PROOF_NOT_FOUND: ['not-found', 'the attempt had no permit'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export function refusal(
  reason: keyof typeof ERRORS,
  options: Omit<DomainErrorOptions, 'message'> = {},
): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
