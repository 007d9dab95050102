import { invalidArgument } from '@heed/kernel';
import { type z } from 'zod';

/**
 * What came from outside as its schema describes it, or a refusal that names the fields and how they are wrong, never
 * what was in them.
 */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidArgument(
    ...result.error.issues.map((issue) => ({
      field: issue.path.map(String).join('.') || 'body',
      reason: reasonOf(issue),
    })),
  );
}

/** The words that the checks of gRPC have (docs/errors.md): one fault has one name, whichever way it came in. */
function reasonOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'array') return 'TOO_MANY';
      return issue.origin === 'string' ? 'TOO_LONG' : 'TOO_LARGE';
    case 'too_small':
      return isSized(issue.origin) && Number(issue.minimum) === 1 ? 'REQUIRED' : 'TOO_SMALL';
    case 'invalid_format':
      return issue.format === 'uuid' ? 'NOT_A_UUID' : 'PATTERN';
    case 'invalid_value':
      return 'UNKNOWN_VALUE';
    case 'unrecognized_keys':
      return 'UNKNOWN_FIELD';
    default:
      return issue.code.toUpperCase();
  }
}

function isSized(origin: string): boolean {
  return origin === 'string' || origin === 'array';
}
