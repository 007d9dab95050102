import { typesV1 } from '@heed/contracts';
import { type Ask } from '@heed/permits';
import { contactFieldsOf } from '@heed/templates';
import { type CampaignTemplate } from './campaign-templates.js';
import { type Claimed } from './in-hand.store.js';

export function askFor({ attemptId, contactId, purpose }: Claimed, template: CampaignTemplate): Ask {
  return {
    ...{ attemptId, contactId, purpose },
    channel: typesV1.Channel.CHANNEL_EMAIL,
    fields: contactFieldsOf(template.parsed),
  };
}
