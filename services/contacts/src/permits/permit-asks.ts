import { SIGN_UP_CONFIRMATION, type contactsV1 } from '@heed/contracts';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { senderOf } from '../consent/sender.js';
import { channelOf } from '../contacts/channel-message.js';
import { TEMPLATE_FIELDS, type Ask } from './permit.js';

const NONCE_BYTES = 16;

/** What the contract's field rules cannot say: an exact length, and which fields a contact has. */
export function asksOf({ asks }: contactsV1.BatchIssuePermitsRequest): Ask[] {
  const violations: FieldViolation[] = [];
  const read = asks.map((ask, index): Ask => {
    const channel = channelOf(ask.channel);
    const wrong = (field: string, reason: string): void =>
      void violations.push({ field: `asks[${index}].${field}`, reason });
    if (channel === '') wrong('channel', 'REQUIRED');
    if (ask.nonce.length !== NONCE_BYTES) wrong('nonce', 'NOT_16_BYTES');
    for (const field of ask.templateFields) {
      if (!isField(ask.purpose, field)) wrong('template_fields', 'UNKNOWN_FIELD');
    }
    const { attemptId, contactId, purpose, nonce, templateFields: fields, tracking } = ask;
    const sender = senderOf(ask.sender);
    return { attemptId, contactId, channel: channel || 'email', purpose, sender, nonce, fields, tracking };
  });
  if (violations.length > 0) throw invalidArgument(...violations.slice(0, 50));
  return read;
}

/** Who asks for a sign-up by a text that is not ours is denied (SignUpPermits), and nobody else in its batch. */
function isField(purpose: string, field: string): boolean {
  return purpose === SIGN_UP_CONFIRMATION || Object.hasOwn(TEMPLATE_FIELDS, field);
}
