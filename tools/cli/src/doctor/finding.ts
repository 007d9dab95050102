export type Severity = 'ok' | 'note' | 'warning' | 'error';

/** One thing that was looked at: what is there, which promise rests on it, and what mends it. */
export interface Finding {
  severity: Severity;
  /** What was looked at. */
  about: string;
  /** What was found. */
  found: string;
  /** Which promise it would break; empty where all is well. */
  why: string;
  /** What to do; empty where all is well. */
  cure: string;
}

export const ok = (about: string, found: string): Finding => ({
  ...{ severity: 'ok', about, found, why: '', cure: '' },
});

/** `severity` where `bad`, else fine. */
export function when(
  bad: boolean,
  severity: Exclude<Severity, 'ok'>,
  about: string,
  found: string,
  { why, cure }: { why: string; cure: string },
): Finding {
  return bad ? { severity, about, found, why, cure } : ok(about, found);
}

/** What cannot be looked at is a finding of its own: silence would pass for health. */
export function unreachable(about: string, error: unknown, cure: string): Finding {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  const found = [reason, code].find((text) => typeof text === 'string') as string | undefined;
  return {
    severity: 'error',
    ...{ about, found: found ?? 'no answer', cure },
    why: 'nothing rests on a part that is away, and nothing can be promised without it',
  };
}
