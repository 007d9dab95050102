import { type FieldRule, messageRules } from '@heed/contracts';
import { type FieldViolation, isUuid } from '@heed/kernel';

/** What the contract leaves open (options.proto, `max_length`). */
const DEFAULT_MOST_CHARACTERS = 10_000;
const DEFAULT_MOST_ELEMENTS = 1_000;
const MOST_VIOLATIONS = 50;

/** What a request gets wrong by the rules of its message, nested messages included. Fields bear their contract's names. */
export function violationsOf(messageName: string, message: object): FieldViolation[] {
  const violations: FieldViolation[] = [];
  checkMessage(messageName, message, '', (field, reason) => {
    if (violations.length < MOST_VIOLATIONS) violations.push({ field, reason });
  });
  return violations;
}

type Report = (field: string, reason: string) => void;

function checkMessage(messageName: string, message: object, path: string, report: Report): void {
  const rules = messageRules[messageName] ?? {};
  for (const [property, value] of Object.entries(message) as [string, unknown][]) {
    // A oneof is one property, { $case: 'field', value }; its rules are those of the field that is set.
    const chosen = chosenOf(value);
    const field = chosen?.field ?? property;
    const rule = rules[field] ?? {};
    checkField(rule, chosen ? chosen.value : value, `${path}${snake(field)}`, report);
  }
}

function chosenOf(value: unknown): { field: string; value: unknown } | undefined {
  if (typeof value !== 'object' || value === null || !('$case' in value) || !('value' in value))
    return undefined;
  return { field: String(value.$case), value: value.value };
}

function checkField(rule: FieldRule, value: unknown, path: string, report: Report): void {
  if (Array.isArray(value)) {
    if (rule.required && value.length === 0) report(path, 'REQUIRED');
    if (value.length > (rule.maxLength ?? DEFAULT_MOST_ELEMENTS)) return report(path, 'TOO_MANY');
    const element: FieldRule = { ...rule, list: false, required: rule.uuid === true, maxLength: undefined };
    value.forEach((item, index) => checkValue(element, item, `${path}[${index}]`, report));
  } else if (rule.map) {
    const entries = Object.entries((value ?? {}) as Record<string, unknown>);
    if (rule.required && entries.length === 0) report(path, 'REQUIRED');
    if (entries.length > (rule.maxLength ?? DEFAULT_MOST_ELEMENTS)) return report(path, 'TOO_MANY');
    // The keys are the caller's text: they stay out of the path that is answered and logged.
    entries.forEach(([key, item], index) => {
      checkText({}, key, `${path}[${index}].key`, report);
      checkValue({}, item, `${path}[${index}].value`, report);
    });
  } else {
    checkValue(rule, value, path, report);
  }
}

function checkValue(rule: FieldRule, value: unknown, path: string, report: Report): void {
  if (value === undefined || value === null) {
    if (rule.required) report(path, 'REQUIRED');
  } else if (typeof value === 'string') {
    checkText(rule, value, path, report);
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    checkNumber(rule, value, path, report);
  } else if (Buffer.isBuffer(value)) {
    if (rule.required && value.length === 0) report(path, 'REQUIRED');
    if (rule.maxLength !== undefined && value.length > rule.maxLength) report(path, 'TOO_LONG');
  } else if (typeof value === 'object' && rule.message !== undefined) {
    checkMessage(rule.message, value, `${path}.`, report);
  }
}

function checkText(rule: FieldRule, value: string, path: string, report: Report): void {
  if (value === '') {
    if (rule.required) report(path, 'REQUIRED');
    return;
  }
  if (value.length > (rule.maxLength ?? DEFAULT_MOST_CHARACTERS)) return report(path, 'TOO_LONG');
  // PostgreSQL takes no NUL in a text: it would come back as an internal error.
  if (value.includes('\0')) return report(path, 'NOT_TEXT');
  // One spelling of an id: upper case would make two keys of one thing wherever ids are compared as text.
  if (rule.uuid && (!isUuid(value) || value !== value.toLowerCase())) report(path, 'NOT_A_UUID');
  if (rule.time && !isTime(value)) report(path, 'NOT_A_TIME');
  if (rule.pattern !== undefined && !whole(rule.pattern).test(value)) report(path, 'PATTERN');
}

function checkNumber(rule: FieldRule, value: number | bigint, path: string, report: Report): void {
  if (Number.isNaN(value) || value === Infinity || value === -Infinity) return report(path, 'NOT_A_NUMBER');
  if (rule.enum !== undefined && !rule.enum.includes(Number(value))) return report(path, 'UNKNOWN_VALUE');
  if (rule.required && Number(value) === 0) report(path, 'REQUIRED');
  if (rule.min !== undefined && value < rule.min) report(path, 'TOO_SMALL');
  if (rule.max !== undefined && value > rule.max) report(path, 'TOO_LARGE');
}

/** SPEC: RFC 3339, 5.6. Date alone would take `1 Nov`, in the zone of whoever reads it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function isTime(value: string): boolean {
  return TIME.test(value) && !Number.isNaN(new Date(value).getTime());
}

const patterns = new Map<string, RegExp>();

function whole(pattern: string): RegExp {
  let expression = patterns.get(pattern);
  if (!expression) patterns.set(pattern, (expression = new RegExp(`^(?:${pattern})$`, 'u')));
  return expression;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
