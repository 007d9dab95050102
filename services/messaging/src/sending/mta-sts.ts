import { DomainError } from '@heed/kernel';

/**
 * What a domain demands of whoever brings it mail. SPEC: RFC 8461, 3.2. We write to one mail server, which brings mail
 * on: the policy that counts here is the one of its own domain, and it is given as data, never fetched on the way.
 */
export interface MtaStsPolicy {
  mode: 'enforce' | 'testing' | 'none';
  /** Names of servers; `*.example.com` stands for one label and no more. */
  mx: string[];
  maxAgeSeconds: number;
}

const NAME = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** SPEC: RFC 8461, 3.2: one year. */
const LONGEST_AGE = 31_557_600;

/** Reads the text of a policy. Unknown keys are passed over; of a key that stands twice the first counts. */
export function readMtaSts(text: string): MtaStsPolicy {
  const mx: string[] = [];
  const first = new Map<string, string>();
  for (const line of text.split(/\r?\n/).filter((each) => each.trim() !== '')) {
    const [, key, value] = /^([A-Za-z0-9_.-]{1,32})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw malformed('has a line that is not `key: value`');
    if (key === 'mx') mx.push(value.toLowerCase());
    else if (!first.has(key)) first.set(key, value);
  }
  if (first.get('version') !== 'STSv1') throw malformed('is not of version STSv1');
  const mode = first.get('mode');
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') throw malformed('names no mode');
  const age = first.get('max_age') ?? '';
  if (!/^\d{1,10}$/.test(age) || Number(age) > LONGEST_AGE)
    throw malformed('has no max_age of a year at most');
  if (!mx.every((name) => NAME.test(name))) throw malformed('names a server that is no name');
  if (mode !== 'none' && mx.length === 0) throw malformed('names no server');
  return { mode, mx, maxAgeSeconds: Number(age) };
}

/** SPEC: RFC 8461, 4.1: a wildcard stands for exactly the leftmost label. */
export function isNamedBy({ mx }: MtaStsPolicy, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return mx.some((pattern) =>
    pattern.startsWith('*.')
      ? name.slice(name.indexOf('.') + 1) === pattern.slice(2) && name.includes('.')
      : name === pattern,
  );
}

function malformed(why: string): DomainError {
  return new DomainError('MTA_STS_MALFORMED', 'invalid-argument', { message: `the MTA-STS policy ${why}` });
}
