import { type Liquid, type Template } from 'liquidjs';
import { htmlEngine, textEngine } from './engine.js';
import { breaksLines } from './one-line.js';
import { notOneLine, refusalOf, refused, type TemplatePart } from './refusals.js';
import { type TemplateVariable } from './variables.js';

/** Fields of a contact that a template may use: those that a permit brings along. */
export const CONTACT_FIELDS = ['first_name', 'last_name', 'country'] as const;

/** Campaigns send marketing: with a link to unsubscribe. Single messages say who writes, and have none. */
export type TemplateKind = 'marketing' | 'transactional';

/** The texts of a template as its author wrote them, and who sends. */
export interface TemplateSource {
  subject: string;
  textBody: string;
  /** Empty if none. */
  htmlBody: string;
  senderName: string;
  /** Stands under every message. LAW: CAN-SPAM, 15 USC 7704(a)(5)(A)(iii). */
  postalAddress: string;
  /** Default: marketing. */
  kind?: TemplateKind;
  /** Values that each message brings along. */
  variables?: readonly TemplateVariable[];
}

/** A template that is ready to be rendered. */
export interface ParsedTemplate {
  subject: Template[];
  text: Template[];
  html: Template[] | undefined;
  senderName: string;
  postalAddress: string;
  kind: TemplateKind;
  variables: readonly TemplateVariable[];
  /** What to ask permits for. */
  contactFields: string[];
}

/** Refuses with TEMPLATE_INVALID, TEMPLATE_NOT_ONE_LINE, TEMPLATE_TOO_LARGE or TEMPLATE_FIELD_UNKNOWN. Renders nothing. */
export function parseTemplate(source: TemplateSource): ParsedTemplate {
  if (breaksLines(source.subject)) throw notOneLine();
  const fields = new Set<string>();
  const { kind = 'marketing', variables = [] } = source;
  const known = { kind, values: new Set(variables.map(({ name }) => name)) };
  const parse = (engine: Liquid, text: string, part: TemplatePart): Template[] => {
    const parsed = parsePart(engine, text, part);
    for (const field of fieldsOf(engine, parsed, part, known)) fields.add(field);
    return parsed;
  };
  return {
    subject: parse(textEngine, source.subject, 'subject'),
    text: parse(textEngine, source.textBody, 'text_body'),
    html: source.htmlBody === '' ? undefined : parse(htmlEngine, source.htmlBody, 'html_body'),
    senderName: source.senderName,
    postalAddress: source.postalAddress,
    ...{ kind, variables },
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

interface Known {
  kind: TemplateKind;
  values: ReadonlySet<string>;
}

/**
 * Every variable from outside is `first_name`, `contact.first_name` (the same), `opt_out_url` of marketing, or a value
 * that the template declares.
 */
function fieldsOf(engine: Liquid, parsed: Template[], part: TemplatePart, { kind, values }: Known): string[] {
  const fields: string[] = [];
  const own = kind === 'marketing' ? ['opt_out_url'] : [...values].map((name) => `values.${name}`);
  for (const path of engine.globalVariableSegmentsSync(parsed)) {
    const [first, ...rest] = path;
    if (first === 'values' && rest.length === 1 && values.has(String(rest[0]))) continue;
    const [field, ...deeper] = first === 'contact' ? rest : path;
    if (deeper.length === 0 && isContactField(field)) fields.push(field);
    else if (first !== 'opt_out_url' || rest.length > 0 || kind === 'transactional') {
      throw refused(
        'TEMPLATE_FIELD_UNKNOWN',
        part,
        `There is no such variable. There are: ${[...CONTACT_FIELDS, ...own].join(', ')}.`,
      );
    }
  }
  return fields;
}

function isContactField(value: unknown): value is (typeof CONTACT_FIELDS)[number] {
  return (CONTACT_FIELDS as readonly unknown[]).includes(value);
}
