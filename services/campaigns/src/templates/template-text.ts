import {
  CONTACT_FIELDS,
  parseTemplate,
  renderEmail,
  type ParsedTemplate,
  type RenderedEmail,
} from '@heed/templates';
import { invalidArgument, type FieldViolation } from '@heed/kernel';

/** What an author writes. */
export interface TemplateText {
  subject: string;
  textBody: string;
  htmlBody: string;
  senderName: string;
  senderAddress: string;
  postalAddress: string;
}

/** A person who does not exist, for templates to be seen with. */
const SAMPLE: Readonly<Record<string, string>> = { first_name: 'Ada', last_name: 'Lovelace', country: 'GB' };
const SAMPLE_LINK = 'https://example.org/unsubscribe';

/** Names and addresses stand in headers: one line, and an address that a mail server takes. */
export function senderViolations({ senderName, senderAddress }: TemplateText): FieldViolation[] {
  const violations: FieldViolation[] = [];
  if (/\p{C}/u.test(senderName)) violations.push({ field: 'sender_name', reason: 'NOT_ONE_LINE' });
  if (!/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}$/.test(senderAddress)) {
    violations.push({ field: 'sender_address', reason: 'NOT_AN_EMAIL' });
  }
  return violations;
}

/** Refuses what cannot be parsed, knows no such field, or does not come to an end with sample values. */
export function checked(text: TemplateText): ParsedTemplate {
  const parsed = parseTemplate(text);
  renderEmail({ template: parsed, fields: SAMPLE, optOutUrl: SAMPLE_LINK });
  return parsed;
}

/** The message as it would be sent to somebody with these values. */
export function preview(text: TemplateText, sample: Readonly<Record<string, string>>): RenderedEmail {
  const unknown = Object.keys(sample).some((field) => !(CONTACT_FIELDS as readonly string[]).includes(field));
  // The name itself is the caller's text and stays out of the answer.
  if (unknown) throw invalidArgument({ field: 'sample', reason: 'TEMPLATE_FIELD_UNKNOWN' });
  const template = parseTemplate(text);
  return renderEmail({ template, fields: { ...SAMPLE, ...sample }, optOutUrl: SAMPLE_LINK });
}
