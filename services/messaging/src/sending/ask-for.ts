import { typesV1 } from '@heed/contracts';
import { type AskOf } from '@heed/permits';
import { contactFieldsOf } from '@heed/templates';
import { type CampaignTemplate } from './campaign-templates.js';
import { type Claimed } from './in-hand.store.js';
import { isToldByPermit } from './told-by-permit.js';

/** Of contacts what the template uses of them; else what the message says, where nobody but its issuer has it. */
export function askFor(attempt: Claimed, { parsed, tracked, sender }: CampaignTemplate): AskOf {
  const { attemptId, contactId, purpose, issuer } = attempt;
  return {
    ...{ attemptId, contactId, purpose, issuer },
    channel: typesV1.Channel.CHANNEL_EMAIL,
    // Of other issuers' people nobody says no to a sender.
    sender: issuer === 'contacts' ? sender.address : '',
    fields: isToldByPermit(attempt) ? parsed.variables.map(({ name }) => name) : contactFieldsOf(parsed),
    tracking: tracked !== undefined,
  };
}
