import { ALL_OUTREACH, typesV1 } from '@heed/contracts';
import { parseTemplate, type TemplateVariable } from '@heed/templates';
import { compileMail } from '../mime/mail-form.js';
import { type CampaignTemplate } from '../sending/campaign-templates.js';

const VARIABLES: readonly TemplateVariable[] = [{ name: 'what', kind: 'text', maxLength: 200 }];

const HEARD = 'You asked for no more {{ values.what }}. It is done: it holds from now on.';
const WHY = 'This message only says that you were heard. There is nothing that you have to do.';

/**
 * The text is ours, since nothing in it may advertise; the name, the address and what stands below are those of a template
 * that the person was written from before, so that they know who answers.
 */
export function confirmationFrom({ parsed, sender }: CampaignTemplate): CampaignTemplate {
  const { senderName, postalAddress } = parsed;
  return {
    parsed: parseTemplate({
      ...{ kind: 'transactional', variables: VARIABLES, senderName, postalAddress },
      subject: 'You will get no more {{ values.what }}',
      textBody: `${HEARD}\n\n${WHY}\n`,
      htmlBody: `<p>${HEARD}</p><p>${WHY}</p>`,
    }),
    sender,
    form: compileMail({ sender, hasHtml: true }),
    tracked: undefined,
  };
}

/** What was switched off, for people to read. */
export function switchedOff({ channel, purpose }: { channel: typesV1.Channel; purpose: string }): string {
  const messages = channel === typesV1.Channel.CHANNEL_EMAIL ? 'emails' : 'messages';
  if (purpose === '') return messages;
  if (purpose === ALL_OUTREACH) return `${messages} that you may decline`;
  return `${messages} about "${purpose.replaceAll(/[_-]+/g, ' ')}"`;
}
