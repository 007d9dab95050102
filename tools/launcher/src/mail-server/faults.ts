import { addressPattern } from '../outside/address-pattern.js';

/** What a mail server may do instead of accepting at once; the first fault that fits an address applies. */
export interface Fault {
  /** Recipient, `*` for any run of characters. */
  to: string;
  /** When: at RCPT TO, or after the final dot. */
  at: 'rcpt' | 'data';
  /** Reply code 400-599; absent = accept. */
  code?: number;
  text?: string;
  delayMs?: number;
  /** Close the connection instead of answering: the sender cannot know the outcome. */
  hangUp?: boolean;
  /** How often it applies; absent = always. */
  times?: number;
}

export class Faults {
  private list: { fault: Fault; fits: RegExp; left: number }[] = [];

  get all(): Fault[] {
    return this.list.map(({ fault, left }) =>
      fault.times === undefined ? fault : { ...fault, times: left },
    );
  }

  replace(faults: Fault[]): void {
    this.list = faults.map((fault) => ({
      fault,
      fits: addressPattern(fault.to),
      left: fault.times ?? Infinity,
    }));
  }

  take(to: string, at: Fault['at']): Fault | undefined {
    const found = this.list.find((entry) => entry.left > 0 && entry.fault.at === at && entry.fits.test(to));
    if (!found) return undefined;
    found.left -= 1;
    return found.fault;
  }
}

/** Reads a list of faults from JSON, or says what is wrong with it. */
export function parseFaults(value: unknown): Fault[] | string {
  if (!Array.isArray(value)) return 'a list of faults is expected';
  const faults: Fault[] = [];
  for (const [index, entry] of value.entries()) {
    const { to, at = 'rcpt', code, text, delayMs, hangUp, times } = (entry ?? {}) as Partial<Fault>;
    const whole = (number: unknown, from: number, until: number) =>
      number === undefined || (Number.isInteger(number) && Number(number) >= from && Number(number) <= until);
    if (typeof to !== 'string' || !to) return `[${index}].to: an address pattern is expected`;
    if (at !== 'rcpt' && at !== 'data') return `[${index}].at: rcpt or data is expected`;
    if (!whole(code, 400, 599)) return `[${index}].code: 400 to 599 is expected`;
    if (!whole(delayMs, 0, 600_000)) return `[${index}].delayMs: 0 to 600000 is expected`;
    if (!whole(times, 1, 1e9)) return `[${index}].times: a whole number above 0 is expected`;
    if (text !== undefined && typeof text !== 'string') return `[${index}].text: text is expected`;
    faults.push({ to, at, code, text, delayMs, hangUp: hangUp === true, times });
  }
  return faults;
}
