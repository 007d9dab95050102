import { type Liquid, type Template } from 'liquidjs';
import { htmlEngine, textEngine } from './engine.js';
import { CONTACT_FIELDS, type ParsedTemplate } from './parse-template.js';
import { breaksLines, onOneLine } from './one-line.js';
import { notOneLine, refusalOf, refused, type TemplatePart } from './refusals.js';

/** How long the rendering of one text may take. A template of this repository's story takes 0.1 ms. */
const RENDER_LIMIT_MS = 250;

/** Longest text that leaves, in characters, footer excluded. */
const LONGEST_TEXT = 524_288;

/** SPEC: RFC 5322, section 2.1.1: no line exceeds 998 characters; a subject near that is a mistake. */
const LONGEST_SUBJECT = 900;

export interface RenderEmail {
  template: ParsedTemplate;
  /** Values of the contact's fields; a missing one is empty. */
  fields: Readonly<Record<string, string>>;
  /** What this message brings along, by the names that the template declares. */
  values?: Readonly<Record<string, string>>;
  /** Link that opts the person out. Marketing alone shows it. */
  optOutUrl: string;
}

export interface RenderedEmail {
  subject: string;
  text: string;
  /** Absent where the template has no HTML. */
  html: string | undefined;
}

/** The message as it is sent, footer included. Refuses with TEMPLATE_TOO_LARGE, TEMPLATE_TOO_SLOW, TEMPLATE_INVALID. */
export function renderEmail({ template, fields, values = {}, optOutUrl }: RenderEmail): RenderedEmail {
  const scope = scopeOf(fields, optOutUrl, values);
  const subject = onOneLine(render(textEngine, template.subject, scope, 'subject'));
  if (subject.length > LONGEST_SUBJECT) {
    throw refused('TEMPLATE_TOO_LARGE', 'subject', 'The subject is too long.');
  }
  return {
    subject,
    text: render(textEngine, template.text, scope, 'text_body') + textFooter(template, optOutUrl),
    html:
      template.html && withFooter(render(htmlEngine, template.html, scope, 'html_body'), template, optOutUrl),
  };
}

/**
 * Refuses with TEMPLATE_NOT_ONE_LINE a subject that breaks its line by itself (`{{ '%0D%0A' | url_decode }}`): with these
 * values, none of which does. When it is sent, such a break is made a space.
 */
export function checkSubject({ template, fields, values }: Omit<RenderEmail, 'optOutUrl'>): void {
  const scope = scopeOf(fields, '', values);
  if (breaksLines(render(textEngine, template.subject, scope, 'subject'))) throw notOneLine();
}

/** What is said in a call. Refuses as `renderEmail` does. */
export function renderScript({ template, fields }: Omit<RenderEmail, 'optOutUrl'>): string {
  return render(textEngine, template.text, scopeOf(fields, ''), 'text_body').trim();
}

function scopeOf(
  fields: Readonly<Record<string, string>>,
  optOutUrl: string,
  values: Readonly<Record<string, string>> = {},
): object {
  const contact = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, fields[field] ?? '']));
  return { ...contact, contact, values, opt_out_url: optOutUrl };
}

function render(engine: Liquid, parsed: Template[], scope: object, part: TemplatePart): string {
  let text: string;
  try {
    text = String(engine.renderSync(parsed, scope, { renderLimit: RENDER_LIMIT_MS }));
  } catch (error) {
    throw refusalOf(error, part);
  }
  if (text.length > LONGEST_TEXT) throw refused('TEMPLATE_TOO_LARGE', part, 'What it makes is too long.');
  return text;
}

// LAW: CAN-SPAM, 15 USC 7704(a)(5): a commercial message shows how to opt out and a physical postal address. One about
// a transaction need not (7702(2)(B)), and says who writes all the same.
function textFooter({ kind, senderName, postalAddress }: ParsedTemplate, optOutUrl: string): string {
  const unsubscribe = kind === 'marketing' ? `Unsubscribe: ${optOutUrl}\n` : '';
  return `\n\n-- \n${senderName}\n${postalAddress}\n${unsubscribe}`;
}

function withFooter(
  html: string,
  { kind, senderName, postalAddress }: ParsedTemplate,
  optOutUrl: string,
): string {
  const unsubscribe = kind === 'marketing' ? `<br><a href="${escaped(optOutUrl)}">Unsubscribe</a>` : '';
  const footer =
    '<hr><p style="font-size:12px;color:#555">' +
    `${escaped(senderName)}<br>${escaped(postalAddress).replaceAll('\n', '<br>')}${unsubscribe}</p>`;
  const end = html.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? html + footer : html.slice(0, end) + footer + html.slice(end);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
