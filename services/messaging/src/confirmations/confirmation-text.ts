import { ALL_OUTREACH, typesV1 } from '@heed/contracts';
import { parseTemplate, type TemplateSource, type TemplateVariable } from '@heed/templates';
import { compileMail } from '../mime/mail-form.js';
import { type CampaignTemplate } from '../sending/campaign-templates.js';
import { SYSTEM_TEXTS, type Language } from '../system-texts/languages.js';

const WHAT: readonly TemplateVariable[] = [{ name: 'what', kind: 'text', maxLength: 200 }];

const SIGN_UP: readonly TemplateVariable[] = [
  { name: 'form', kind: 'text', maxLength: 100 },
  { name: 'hours', kind: 'text', maxLength: 5 },
  { name: 'link', kind: 'link', maxLength: 2_000 },
];

export function confirmationFrom(template: CampaignTemplate, language: Language): CampaignTemplate {
  const { optOutSubject: subject, optOutHeard, optOutWhy } = SYSTEM_TEXTS[language];
  return ownText(template, {
    ...{ subject, variables: WHAT },
    textBody: `${optOutHeard}\n\n${optOutWhy}\n`,
    htmlBody: `<p>${optOutHeard}</p><p>${optOutWhy}</p>`,
  });
}

export function signUpMailFrom(template: CampaignTemplate, language: Language): CampaignTemplate {
  const { signUpSubject: subject, signUpAsk, signUpButton, signUpOtherwise } = SYSTEM_TEXTS[language];
  return ownText(template, {
    ...{ subject, variables: SIGN_UP },
    textBody: `${signUpAsk}\n\n{{ values.link }}\n\n${signUpOtherwise}\n`,
    htmlBody: `<p>${signUpAsk}</p><p><a href="{{ values.link }}">${signUpButton}</a></p><p>${signUpOtherwise}</p>`,
  });
}

/**
 * The text is ours, since nothing in it may advertise; the name, the address and what stands below are those of a template
 * of the tenant: one that the person was written from before, or the one that their form names.
 */
function ownText(
  { parsed, sender }: CampaignTemplate,
  text: Pick<TemplateSource, 'subject' | 'textBody' | 'htmlBody' | 'variables'>,
): CampaignTemplate {
  const { senderName, postalAddress } = parsed;
  return {
    parsed: parseTemplate({ ...text, kind: 'transactional', senderName, postalAddress }),
    ...{ sender, form: compileMail({ sender, hasHtml: true }), tracked: undefined },
  };
}

/** What was switched off, for people to read. */
export function switchedOff(
  { channel, purpose }: { channel: typesV1.Channel; purpose: string },
  language: Language = 'en',
): string {
  const words = SYSTEM_TEXTS[language];
  const kind = channel === typesV1.Channel.CHANNEL_EMAIL ? words.emails : words.messages;
  if (purpose === '') return kind;
  if (purpose === ALL_OUTREACH) return words.declinable.replace('{kind}', kind);
  return words.about.replace('{kind}', kind).replace('{purpose}', purpose.replaceAll(/[_-]+/g, ' '));
}
