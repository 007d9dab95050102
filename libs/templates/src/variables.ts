import { type FieldViolation } from '@heed/kernel';

/**
 * What a value may hold. Patterns are ours and run in linear time: one that an author could write would be run against
 * what a stranger sends.
 */
export const VARIABLE_KINDS = {
  /** One line: a value with a line break in it could begin another header, or a footer of its own. */
  text: /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u,
  code: /^[A-Za-z0-9][A-Za-z0-9 ._/-]*$/,
  number: /^-?\d{1,15}([.,]\d{1,6})?$/,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  /** No other scheme: a script in a link is a script. */
  link: /^https:\/\/[^\s<>"'\p{Cc}]+$/u,
} as const;

export type VariableKind = keyof typeof VARIABLE_KINDS;

/** A value that each message brings along: `{{ values.name }}`. */
export interface TemplateVariable {
  name: string;
  kind: VariableKind;
  /** In characters. */
  maxLength: number;
}

/** For templates to be seen with. */
const SAMPLES: Record<VariableKind, string> = {
  text: 'Blue',
  code: 'A-1001',
  number: '12.50',
  date: '2026-11-27',
  link: 'https://example.org/order',
};

export function sampleValues(variables: readonly TemplateVariable[]): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, kind, maxLength }) => [name, SAMPLES[kind].slice(0, maxLength)]),
  );
}

/** What is wrong with the values of one message: each variable has one that fits, and there is no other. */
export function valueViolations(
  variables: readonly TemplateVariable[],
  values: Readonly<Record<string, string>>,
): FieldViolation[] {
  const violations = variables.flatMap(({ name, kind, maxLength }): FieldViolation[] => {
    const value = Object.hasOwn(values, name) ? values[name]! : '';
    const field = `values.${name}`;
    if (value === '') return [{ field, reason: 'REQUIRED' }];
    if ([...value].length > maxLength) return [{ field, reason: 'TOO_LONG' }];
    return VARIABLE_KINDS[kind].test(value) ? [] : [{ field, reason: 'PATTERN' }];
  });
  const declared = new Set(variables.map(({ name }) => name));
  // Not named: it is the caller's text.
  if (Object.keys(values).some((name) => !declared.has(name))) {
    violations.push({ field: 'values', reason: 'NOT_DECLARED' });
  }
  return violations;
}
