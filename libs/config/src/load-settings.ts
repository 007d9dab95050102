import { DomainError, type FieldViolation } from '@heed/kernel';
import { type z } from 'zod';

/** Says what is wrong between keys that are right one by one. */
export type SettingsRule<T> = (settings: T) => FieldViolation[];

/**
 * Reads settings from the environment. All that is wrong is said at once, because a deployment that is mended key
 * by key is restarted key by key. Values never appear: a wrong password is still a password.
 */
export function loadSettings<Schema extends z.ZodObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>> = process.env,
  rules: SettingsRule<z.infer<Schema>>[] = [],
): z.infer<Schema> {
  // A variable that is set to nothing counts as absent: compose files and shells cannot unset one.
  const present = Object.keys(schema.shape).filter((key) => env[key] !== undefined && env[key] !== '');
  const result = schema.safeParse(Object.fromEntries(present.map((key) => [key, env[key]])));
  if (!result.success) {
    const bad = new Set(result.error.issues.map((issue) => String(issue.path[0])));
    throw refusal(
      Object.keys(schema.shape)
        .filter((key) => bad.has(key))
        .map((key) => ({ field: key, reason: describe(schema, key, present.includes(key)) })),
    );
  }
  const violations = rules.flatMap((rule) => rule(result.data));
  if (violations.length > 0) throw refusal(violations);
  return result.data;
}

function describe(schema: z.ZodObject, key: string, isPresent: boolean): string {
  const description = (schema.shape[key] as z.ZodType | undefined)?.description;
  return `${isPresent ? 'not valid' : 'missing'}${description ? `. ${description}` : ''}`;
}

function refusal(violations: FieldViolation[]): DomainError {
  const lines = violations.map(({ field, reason }) => `  ${field}: ${reason}`);
  return new DomainError('SETTINGS_INVALID', 'failed-precondition', {
    message: `The settings are not complete or not valid:\n${lines.join('\n')}`,
    violations,
  });
}
