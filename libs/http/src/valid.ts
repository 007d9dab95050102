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
    ...result.error.issues.map(({ path, code }) => ({
      field: path.map(String).join('.') || 'body',
      reason: code.toUpperCase(),
    })),
  );
}
