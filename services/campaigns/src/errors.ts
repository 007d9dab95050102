import { DomainError, type DomainErrorOptions, type ErrorKind } from '@heed/kernel';

/** Every reason that campaigns answers with, what kind of refusal it is, and what to do about it. */
export const ERRORS = {
  TEMPLATE_NOT_FOUND: ['not-found', 'no template with this id in this tenant'],
  TEMPLATE_NAME_TAKEN: [
    'already-exists',
    'another template has this name: templates are not changed, choose another',
  ],
  TEMPLATE_TRANSACTIONAL: [
    'failed-precondition',
    'the template is for single messages, and bears no link to unsubscribe: campaigns send marketing templates',
  ],
  TEMPLATE_CHANNEL_UNSUPPORTED: ['unimplemented', 'there are templates for email and for calls (voice)'],
  INTENT_NOT_FOUND: ['not-found', 'no intent with this id in this tenant, or its person was erased'],
  INTENT_NOT_UNKNOWN: [
    'failed-precondition',
    'only an intent whose outcome is unknown is resolved, once: this one has another outcome, or is open',
  ],
  CAMPAIGN_NOT_FOUND: ['not-found', 'no campaign with this id in this tenant'],
  CAMPAIGN_NOT_DRAFT: ['failed-precondition', 'the campaign was started before'],
  CAMPAIGN_UNLAWFUL: [
    'failed-precondition',
    'its HTML hides the postal address or the link to unsubscribe: close the comment or tag before the end',
  ],
  CAMPAIGN_LABEL_MISSING: [
    'failed-precondition',
    'people of the list live where a law wants a label of advertising (GetReview): give the template the label, or approve with a label_waiver',
  ],
  CAMPAIGN_NOT_IN_REVIEW: ['failed-precondition', 'only a campaign that is held for review is approved'],
  APPROVAL_BY_ANOTHER: [
    'failed-precondition',
    'who started the campaign cannot approve it: ask another member',
  ],
  CAMPAIGN_NOT_SCHEDULED: ['failed-precondition', 'only a campaign that is scheduled is made a draft again'],
  CAMPAIGN_NEEDS_CONFIRMATION: [
    'failed-precondition',
    'its start is overdue: confirm it, schedule it anew, or cancel it',
  ],
  CAMPAIGN_NOT_OVERDUE: ['failed-precondition', 'only a campaign whose start is overdue is confirmed'],
  ETAG_MISMATCH: ['aborted', 'the campaign was changed meanwhile: read it again and decide on that'],
  STEP_NOT_FOUND: ['not-found', 'the campaign has no step of this number'],
  STEPS_FULL: ['failed-precondition', 'a campaign has 20 steps at most'],
  STEP_FIRST: ['failed-precondition', 'the first step is the campaign: change it, or cancel the campaign'],
  STEP_FOLLOWED: ['failed-precondition', 'another step follows it: remove that one first'],
  STEP_HANDED_OUT: [
    'failed-precondition',
    'the step has reached somebody: what was sent stays as it was sent',
  ],
  STEP_PLANNED: [
    'failed-precondition',
    'people are planned for the step: pause the campaign; then template (of the same channel) and rate can be changed',
  ],
  EDIT_NEEDS_REVIEW: [
    'failed-precondition',
    'another member would have to approve this text, and the campaign has begun: use another text, or a new campaign',
  ],
  CAMPAIGN_NOT_RUNNING: ['failed-precondition', 'only a running campaign can be paused'],
  CAMPAIGN_NOT_PAUSED: ['failed-precondition', 'only a paused campaign can be resumed'],
  CAMPAIGN_ENDED: ['failed-precondition', 'the campaign has ended'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export function refusal(
  reason: keyof typeof ERRORS,
  options: Omit<DomainErrorOptions, 'message'> = {},
): DomainError {
  const [kind, message] = ERRORS[reason];
  return new DomainError(reason, kind, { message, ...options });
}
