import { embeddedCodecs, messageRules, type EventType, type FieldRule } from '@heed/contracts';
import { DomainError, isUuid, type FieldViolation } from '@heed/kernel';

type Rules = Record<string, FieldRule>;

/** RFC 3339 in UTC: what a google.protobuf.Timestamp looks like in the generated code. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;
/** Keys of a map are names that the code gives (of services, of stores), never values of people. */
const MAP_KEY = /^[a-z][a-z0-9_.-]{0,63}$/;

/**
 * I3 at publish: an event carries ids, enums, numbers, times, and texts that match the pattern declared for them. The
 * build sees declarations only; what a handler puts into a declared field is seen here, before anything is written.
 * An event is a copy that no erasure reaches, so a violation fails the whole transaction.
 */
export function refuseIdentifiers<T>(type: EventType<T>, data: T): void {
  const violations = [...problemsOf(data as object, type.fields, '')];
  if (violations.length === 0) return;
  throw new DomainError('EVENT_CARRIES_TEXT', 'internal', {
    // The field and never its value, which may be the address that should not be here.
    message: `${type.name}: ${violations.map(({ field, reason }) => `${field} ${reason}`).join(', ')}`,
    metadata: { type: type.name },
    violations,
  });
}

function* problemsOf(message: object, rules: Rules, path: string): Generator<FieldViolation> {
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.required && isEmpty((message as Record<string, unknown>)[name])) {
      yield { field: path + name, reason: 'REQUIRED' };
    }
  }
  for (const [name, value] of Object.entries(message)) {
    if (isUnion(value)) yield* problemsOfValue(value.value, rules[value.$case] ?? {}, path + value.$case);
    else yield* problemsOfField(value, rules[name] ?? {}, path + name);
  }
}

function* problemsOfField(value: unknown, rule: FieldRule, path: string): Generator<FieldViolation> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      yield* problemsOfValue(element, rule, `${path}[${index}]`);
    }
  } else if (rule.map && typeof value === 'object' && value !== null) {
    for (const [key, element] of Object.entries(value)) {
      if (!MAP_KEY.test(key)) yield { field: path, reason: 'KEY_NOT_A_NAME' };
      yield* problemsOfValue(element, rule, `${path}[]`);
    }
  } else {
    yield* problemsOfValue(value, rule, path);
  }
}

function* problemsOfValue(value: unknown, rule: FieldRule, path: string): Generator<FieldViolation> {
  if (typeof value === 'string') {
    const reason = problemOfText(value, rule);
    if (reason !== undefined) yield { field: path, reason };
  } else if (value instanceof Uint8Array) {
    yield* problemsOfBytes(value, rule, path);
  } else if (typeof value === 'object' && value !== null) {
    yield* problemsOf(
      value,
      rule.message === undefined ? {} : (messageRules[rule.message] ?? {}),
      `${path}.`,
    );
  }
}

/** Empty is absent, as everywhere in proto3; whether that is allowed is another question (REQUIRED). */
function problemOfText(value: string, rule: FieldRule): string | undefined {
  if (value === '') return undefined;
  if (rule.uuid) return isUuid(value) ? undefined : 'NOT_A_UUID';
  if (rule.pattern !== undefined) return patternOf(rule.pattern).test(value) ? undefined : 'PATTERN';
  return TIMESTAMP.test(value) ? undefined : 'UNDECLARED_TEXT';
}

/** Bytes are hashes and signatures of a stated length, or a message whose own fields are looked at. */
function* problemsOfBytes(value: Uint8Array, rule: FieldRule, path: string): Generator<FieldViolation> {
  if (value.length > (rule.maxLength ?? 0)) yield { field: path, reason: 'TOO_LONG' };
  if (rule.embeds === undefined || value.length === 0) return;
  const codec = embeddedCodecs[rule.embeds];
  if (codec === undefined) {
    yield { field: path, reason: 'EMBEDDED_UNKNOWN' };
    return;
  }
  let embedded: unknown;
  try {
    embedded = codec.decode(value);
  } catch {
    yield { field: path, reason: 'EMBEDDED_MALFORMED' };
    return;
  }
  yield* problemsOf(embedded as object, messageRules[rule.embeds] ?? {}, `${path}.`);
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(`^(?:${source})$`, 'u');
    patterns.set(source, pattern);
  }
  return pattern;
}

function isUnion(value: unknown): value is { $case: string; value: unknown } {
  return typeof value === 'object' && value !== null && '$case' in value;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === '' ||
    value === null ||
    (value instanceof Uint8Array && value.length === 0)
  );
}
