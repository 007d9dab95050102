import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A line of the mail server's log, of which the story needs these. Written by tools/launcher/src/mail-server. */
export interface MailLogLine {
  /** `rcpt`: RCPT TO was read, an attempt begins. `data-end`: the final dot was read. */
  event: 'rcpt' | 'data-end' | 'aborted' | 'refused';
  /** Wall time in milliseconds, with a fraction. */
  at: number;
  /** Mail transaction. */
  id: string;
  to: string;
  intent?: string;
  /** Of `data-end`: whether the message was taken. */
  kept?: boolean;
}

export function readMailLog(path: string): Promise<MailLogLine[]> {
  return readLines(path);
}

/** One JSON document a line. */
export async function readLines<Line>(path: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line !== '') lines.push(JSON.parse(line) as Line);
  }
  return lines;
}

/** Intents whose message the mail server took more than once. Nothing is taken twice where every promise holds. */
export function duplicatesIn(log: readonly MailLogLine[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { event, kept, intent } of log) {
    if (event !== 'data-end' || !kept || intent === undefined) continue;
    if (seen.has(intent)) twice.add(intent);
    seen.add(intent);
  }
  return [...twice];
}
