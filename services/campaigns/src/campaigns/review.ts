import { parseTemplate, renderEmail, type RenderedEmail } from '@heed/templates';
import { type Channel } from './campaign.js';
import { labelsMissing } from './label-laws.js';

/** What a review finds in the text of a step. */
export type Finding =
  /** As if it belonged to a conversation that there was not. */
  | 'subject_like_reply'
  | 'subject_shouts'
  | 'subject_presses'
  /** People of the list live where a law wants a label of advertising, and it bears none. */
  | 'label_missing'
  /** Nobody who reads it sees how to unsubscribe, or from where it comes. */
  | 'unsubscribe_hidden'
  | 'postal_address_hidden';

/** What no approval mends: the law wants it in every commercial message. */
const UNLAWFUL: ReadonlySet<Finding> = new Set(['unsubscribe_hidden', 'postal_address_hidden']);

export interface ReviewedText {
  channel: Channel;
  subject: string;
  textBody: string;
  htmlBody: string;
  senderName: string;
  postalAddress: string;
}

export function isUnlawful(finding: Finding): boolean {
  return UNLAWFUL.has(finding);
}

/** A link that stands nowhere else. */
const LINK = 'https://review.example/unsubscribe';

/**
 * LAW: CAN-SPAM, 15 USC 7704(a)(2) and (5); UWG § 7 (2); ePrivacy 2002/58/EC, 13 (4): a subject does not mislead, and
 * every message shows who sends it and how to make an end of it. Rules cannot tell what misleads; they tell what a
 * second person is to look at.
 */
export function findingsIn(text: ReviewedText, due: readonly string[] = []): Finding[] {
  if (text.channel !== 'email') return [];
  const rendered = renderEmail({ template: parseTemplate(text), fields: {}, optOutUrl: LINK });
  const missing = labelsMissing(due, { subject: text.subject, body: text.textBody });
  return [
    ...subjectFindings(text.subject),
    ...(missing.length > 0 ? (['label_missing'] as const) : []),
    ...footerFindings(text, rendered),
  ];
}

function subjectFindings(liquid: string): Finding[] {
  const subject = liquid.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, ' ').trim();
  const letters = subject.replace(/[^\p{L}]/gu, '');
  const findings: Finding[] = [];
  if (/^(re|fwd?|aw|wg|antw|sv|vs|rv|tr)\s*(\[\d+\])?\s*:/i.test(subject))
    findings.push('subject_like_reply');
  if (letters.length >= 8 && letters === letters.toUpperCase() && letters !== letters.toLowerCase()) {
    findings.push('subject_shouts');
  }
  if (/[!?$€£%]{3}/.test(subject)) findings.push('subject_presses');
  return findings;
}

/** The footer stands in every message; the markup before it may keep it from being seen. */
function footerFindings({ postalAddress }: ReviewedText, { text, html }: RenderedEmail): Finding[] {
  const seen = [text, ...(html === undefined ? [] : [visibleIn(html)])];
  const [firstLine = ''] = postalAddress.trim().split('\n');
  const findings: Finding[] = [];
  if (!seen.every((part) => part.includes(LINK))) findings.push('unsubscribe_hidden');
  const words = firstLine.replace(/[&<>"']/g, ' ').split(/\s+/);
  if (!seen.every((part) => words.every((word) => part.includes(word))))
    findings.push('postal_address_hidden');
  return findings;
}

/** Without what no reader shows. What is never closed hides all behind it. */
function visibleIn(html: string): string {
  return html
    .replace(/<!--.*?(-->|$)/gs, '')
    .replace(/<(style|script|template|title|textarea|noscript|select|xmp|iframe)\b.*?(<\/\1\s*>|$)/gis, '');
}
