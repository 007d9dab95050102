import {
  checkSubject,
  CONTACT_FIELDS,
  parseTemplate,
  renderEmail,
  renderScript,
  sampleValues,
  type ParsedTemplate,
  type RenderedEmail,
  type TemplateKind,
} from '@heed/templates';
import { invalidArgument, type FieldViolation } from '@heed/kernel';
import { type Channel } from '../campaigns/campaign.js';
import { variablesIn } from './template-variables.js';

/** What an author writes. */
export interface WrittenText {
  subject: string;
  textBody: string;
  htmlBody: string;
  senderName: string;
  senderAddress: string;
  postalAddress: string;
  trackOpens: boolean;
  trackClicks: boolean;
  language?: string | undefined;
}

export interface TemplateText extends WrittenText {
  kind: TemplateKind;
  /** As a row keeps them. */
  variables: readonly string[];
}

/** A person who does not exist, for templates to be seen with. */
const SAMPLE: Readonly<Record<string, string>> = { first_name: 'Ada', last_name: 'Lovelace', country: 'GB' };
const SAMPLE_LINK = 'https://example.org/unsubscribe';

/** What somebody listens to before they hang up: two minutes at most. */
const LONGEST_SCRIPT = 2_000;

/** Names and addresses stand in headers: one line, and an address that a mail server takes. */
export function emailViolations(text: WrittenText): FieldViolation[] {
  const { senderName, senderAddress } = text;
  const violations: FieldViolation[] = [
    ...(['subject', 'sender_address', 'postal_address'] as const)
      .filter((field) => textOf(text, field).trim() === '')
      .map((field) => ({ field, reason: 'REQUIRED' })),
  ];
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(senderName))
    violations.push({ field: 'sender_name', reason: 'NOT_ONE_LINE' });
  if (
    senderAddress !== '' &&
    !/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$/.test(senderAddress)
  ) {
    violations.push({ field: 'sender_address', reason: 'NOT_AN_EMAIL' });
  }
  if (text.htmlBody === '') violations.push(...tracked(text, 'NEEDS_HTML'));
  if (text.language) violations.push({ field: 'language', reason: 'ONLY_OF_A_SCRIPT' });
  return violations;
}

/** A script is said: it has no subject, no markup and no sender's address, but says who calls. */
export function scriptViolations(text: WrittenText): FieldViolation[] {
  const violations: FieldViolation[] = (['subject', 'html_body', 'sender_address', 'postal_address'] as const)
    .filter((field) => textOf(text, field) !== '')
    .map((field) => ({ field, reason: 'NOT_IN_A_SCRIPT' }));
  if (text.textBody.length > LONGEST_SCRIPT) violations.push({ field: 'text_body', reason: 'TOO_LONG' });
  return [...violations, ...tracked(text, 'NOT_IN_A_SCRIPT')];
}

/** What is to be tracked where there is nothing that could be. */
function tracked({ trackOpens, trackClicks }: WrittenText, reason: string): FieldViolation[] {
  return [
    ...(trackOpens ? [{ field: 'track_opens', reason }] : []),
    ...(trackClicks ? [{ field: 'track_clicks', reason }] : []),
  ];
}

function textOf(
  { subject, htmlBody, senderAddress, postalAddress }: WrittenText,
  field: 'subject' | 'html_body' | 'sender_address' | 'postal_address',
): string {
  const texts = {
    subject,
    html_body: htmlBody,
    sender_address: senderAddress,
    postal_address: postalAddress,
  };
  return texts[field];
}

/** Refuses what cannot be parsed, knows no such field, or does not come to an end with sample values. */
export function checked(channel: Channel, text: TemplateText): ParsedTemplate {
  const template = parsed(text);
  if (channel === 'voice') renderScript({ template, fields: SAMPLE });
  else {
    const sample = { template, fields: SAMPLE, ...sampleOf(template) };
    checkSubject(sample);
    renderEmail(sample);
  }
  return template;
}

/** The message as it would be sent to somebody with these values. */
export function preview(
  channel: Channel,
  text: TemplateText,
  sample: Readonly<Record<string, string>>,
): RenderedEmail {
  const unknown = Object.keys(sample).some((field) => !(CONTACT_FIELDS as readonly string[]).includes(field));
  // The name itself is the caller's text and stays out of the answer.
  if (unknown) throw invalidArgument({ field: 'sample', reason: 'TEMPLATE_FIELD_UNKNOWN' });
  const template = parsed(text);
  const fields = { ...SAMPLE, ...sample };
  if (channel === 'voice') return { subject: '', text: renderScript({ template, fields }), html: undefined };
  return renderEmail({ template, fields, ...sampleOf(template) });
}

function parsed(text: TemplateText): ParsedTemplate {
  return parseTemplate({ ...text, variables: variablesIn(text.variables) });
}

function sampleOf({ variables }: ParsedTemplate): { values: Record<string, string>; optOutUrl: string } {
  return { values: sampleValues(variables), optOutUrl: SAMPLE_LINK };
}
