/** All that a log may say of an error. */
export interface ReducedError {
  name: string;
  reason?: string;
  sqlstate?: string;
  constraint?: string;
  code?: string;
  /** Where it was thrown: files and lines, never the message above them. */
  at?: string[];
  cause?: ReducedError;
}

const FRAME = /^\s+at (?:.*\()?((?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+)\)?$/;
const IDENTIFIER = /^[A-Za-z_$][\w$.-]{0,79}$/;
const CODE = /^[A-Z0-9_]{2,64}$/;
const DEEPEST_CAUSE = 4;

/**
 * An error without its text. Drivers quote what they were given: PostgreSQL's DETAIL holds the address that was a
 * duplicate, and TypeORM's QueryFailedError every parameter. What is left names the kind, the reason, the SQLSTATE,
 * the constraint and the lines of code, which is what one searches for.
 */
export function reduceError(error: unknown, depth = 0): ReducedError {
  if (typeof error !== 'object' || error === null) return { name: typeof error };
  const from = error as Record<string, unknown>;
  const driver =
    typeof from['driverError'] === 'object' ? (from['driverError'] as Record<string, unknown>) : {};
  const code = from['code'] ?? driver['code'];
  const reduced: ReducedError = { name: text(from['name'], IDENTIFIER) ?? 'Error' };
  const reason = text(from['reason'], CODE);
  if (reason !== undefined) reduced.reason = reason;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) reduced.sqlstate = code;
  else if (typeof code === 'number' || text(code, CODE) !== undefined) reduced.code = String(code);
  const constraint = text(from['constraint'] ?? driver['constraint'], IDENTIFIER);
  if (constraint !== undefined) reduced.constraint = constraint;
  const at = framesOf(from['stack']);
  if (at.length > 0) reduced.at = at;
  if (from['cause'] !== undefined && depth < DEEPEST_CAUSE)
    reduced.cause = reduceError(from['cause'], depth + 1);
  return reduced;
}

function text(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function framesOf(stack: unknown): string[] {
  if (typeof stack !== 'string') return [];
  return stack
    .split('\n')
    .map((line) => FRAME.exec(line)?.[1])
    .filter((frame) => frame !== undefined)
    .slice(0, 8);
}
