import { type Liquid, type Template } from 'liquidjs';
import { htmlEngine, textEngine } from './engine.js';
import { breaksLines } from './one-line.js';
import { notOneLine, refusalOf, refused, type TemplatePart } from './refusals.js';

/** Fields of a contact that a template may use: those that a permit brings along. */
export const CONTACT_FIELDS = ['first_name', 'last_name', 'country'] as const;

/** The texts of a template as its author wrote them, and who sends. */
export interface TemplateSource {
  subject: string;
  textBody: string;
  /** Empty if none. */
  htmlBody: string;
  senderName: string;
  /** Stands under every message. LAW: CAN-SPAM, 15 USC 7704(a)(5)(A)(iii). */
  postalAddress: string;
}

/** A template that is ready to be rendered. */
export interface ParsedTemplate {
  subject: Template[];
  text: Template[];
  html: Template[] | undefined;
  senderName: string;
  postalAddress: string;
  /** What to ask permits for. */
  contactFields: string[];
}

/** Refuses with TEMPLATE_INVALID, TEMPLATE_NOT_ONE_LINE, TEMPLATE_TOO_LARGE or TEMPLATE_FIELD_UNKNOWN. Renders nothing. */
export function parseTemplate(source: TemplateSource): ParsedTemplate {
  if (breaksLines(source.subject)) throw notOneLine();
  const fields = new Set<string>();
  const parse = (engine: Liquid, text: string, part: TemplatePart): Template[] => {
    const parsed = parsePart(engine, text, part);
    for (const field of fieldsOf(engine, parsed, part)) fields.add(field);
    return parsed;
  };
  return {
    subject: parse(textEngine, source.subject, 'subject'),
    text: parse(textEngine, source.textBody, 'text_body'),
    html: source.htmlBody === '' ? undefined : parse(htmlEngine, source.htmlBody, 'html_body'),
    senderName: source.senderName,
    postalAddress: source.postalAddress,
    contactFields: [...fields].sort(),
  };
}

/** Fields of the contact that the texts use. */
export function contactFieldsOf(template: ParsedTemplate): string[] {
  return [...template.contactFields];
}

function parsePart(engine: Liquid, text: string, part: TemplatePart): Template[] {
  try {
    return engine.parse(text);
  } catch (error) {
    throw refusalOf(error, part);
  }
}

/** Every variable from outside is `first_name`, `contact.first_name` (the same) or `opt_out_url`. */
function fieldsOf(engine: Liquid, parsed: Template[], part: TemplatePart): string[] {
  const fields: string[] = [];
  for (const path of engine.globalVariableSegmentsSync(parsed)) {
    const [first, ...rest] = path;
    const [field, ...deeper] = first === 'contact' ? rest : path;
    if (deeper.length === 0 && isContactField(field)) fields.push(field);
    else if (first !== 'opt_out_url' || rest.length > 0) {
      throw refused(
        'TEMPLATE_FIELD_UNKNOWN',
        part,
        `There is no such variable. There are: ${[...CONTACT_FIELDS, 'opt_out_url'].join(', ')}.`,
      );
    }
  }
  return fields;
}

function isContactField(value: unknown): value is (typeof CONTACT_FIELDS)[number] {
  return (CONTACT_FIELDS as readonly unknown[]).includes(value);
}
