import { type MailLogLine } from './mail-log.js';
import { percentiles, type Percentiles } from './percentiles.js';

/** One permit lifetime (I2): what begins later than this after an opt-out's commit breaks the promise. */
export const PERMIT_LIFETIME_MS = 1000;

export interface OptOut {
  contactId: string;
  address: string;
  /** Wall time of the commit in milliseconds, as PostgreSQL recorded it. */
  committedAt: number;
  /** When the main campaign's intent of this person was concluded; absent where it never was. */
  concludedAt?: number;
}

export interface SilenceReport {
  count: number;
  /** The intent was not concluded when the opt-out committed. */
  raced: number;
  alreadyMailed: number;
  /** Over raced ones: from the commit to the last attempt that began, 0 where none began after it. */
  silenceMs: Percentiles;
  /** Attempts begun, or messages finished, later than one permit lifetime after the commit. */
  attemptsAfter: number;
}

/** What the mail server saw of people after they had said no. */
export function silenceOf(optOuts: readonly OptOut[], log: readonly MailLogLine[]): SilenceReport {
  const byAddress = new Map<string, MailLogLine[]>();
  for (const line of log) {
    if (line.event !== 'rcpt' && line.event !== 'data-end') continue;
    const lines = byAddress.get(line.to);
    if (lines) lines.push(line);
    else byAddress.set(line.to, [line]);
  }
  const isRaced = ({ committedAt, concludedAt }: OptOut): boolean =>
    concludedAt === undefined || concludedAt > committedAt;
  const raced = optOuts.filter(isRaced);
  const sinceCommit = (optOut: OptOut): number[] =>
    (byAddress.get(optOut.address) ?? []).map((line) => line.at - optOut.committedAt).filter((ms) => ms > 0);
  const lastBegun = (optOut: OptOut): number =>
    Math.max(
      0,
      ...(byAddress.get(optOut.address) ?? [])
        .filter(({ event }) => event === 'rcpt')
        .map(({ at }) => at - optOut.committedAt),
    );
  return {
    count: optOuts.length,
    raced: raced.length,
    alreadyMailed: optOuts.length - raced.length,
    silenceMs: percentiles(raced.map(lastBegun)),
    attemptsAfter: optOuts.flatMap(sinceCommit).filter((ms) => ms > PERMIT_LIFETIME_MS).length,
  };
}
