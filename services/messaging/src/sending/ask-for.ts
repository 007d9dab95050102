import { typesV1 } from '@heed/contracts';
import { type AskOf } from '@heed/permits';
import { contactFieldsOf } from '@heed/templates';
import { type CampaignTemplate } from './campaign-templates.js';
import { type Claimed } from './in-hand.store.js';

/** Of contacts what the template uses of them; of other issuers what the message says: nobody else has it. */
export function askFor(
  { attemptId, contactId, purpose, issuer }: Claimed,
  { parsed, tracked, sender }: CampaignTemplate,
): AskOf {
  return {
    ...{ attemptId, contactId, purpose, issuer },
    channel: typesV1.Channel.CHANNEL_EMAIL,
    // Of other issuers' people nobody says no to a sender.
    sender: issuer === 'contacts' ? sender.address : '',
    fields: issuer === 'contacts' ? contactFieldsOf(parsed) : parsed.variables.map(({ name }) => name),
    tracking: tracked !== undefined,
  };
}
