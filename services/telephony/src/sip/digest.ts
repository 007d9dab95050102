import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  username: string;
  password: string;
}

/** A question that a server asks with 401 or 407 (RFC 7616, which SIP takes up in RFC 8760). */
export interface Challenge {
  realm: string;
  nonce: string;
  opaque?: string;
  algorithm: Algorithm;
  isSession: boolean;
  qop?: 'auth';
  /** The password was right, the nonce too old. */
  stale: boolean;
}

type Algorithm = 'SHA-256' | 'MD5';

const HASHES: Record<Algorithm, string> = { 'SHA-256': 'sha256', MD5: 'md5' };
const MOST_CHALLENGES = 10;

/** The strongest question that we can answer; undefined where there is none. */
export function chooseChallenge(values: readonly string[]): Challenge | undefined {
  const readable = values
    .slice(0, MOST_CHALLENGES)
    .map(readChallenge)
    .filter((challenge) => challenge !== undefined);
  return readable.find(({ algorithm }) => algorithm === 'SHA-256') ?? readable[0];
}

export function readChallenge(value: string): Challenge | undefined {
  const scheme = /^digest\s+/i.exec(value);
  if (!scheme || value.length > 4_096) return undefined;
  const said = new Map<string, string>();
  const pairs = /([A-Za-z-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s",]+))/g;
  for (const [, name, quoted, bare] of value.slice(scheme[0].length).matchAll(pairs))
    said.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare!);
  const [, name, session] = /^(sha-256|md5)(-sess)?$/i.exec(said.get('algorithm') ?? 'MD5') ?? [];
  const [realm, nonce] = [said.get('realm'), said.get('nonce')];
  const offered = said.get('qop')?.split(/\s*,\s*/);
  // One that wants the body protected (auth-int) is not answered with less.
  if (!name || realm === undefined || !nonce || (offered && !offered.includes('auth'))) return undefined;
  // What is sent back stands in quotes: nothing of a server's may end them or the line.
  if ([realm, nonce, said.get('opaque') ?? ''].some((text) => /["\\\r\n]/.test(text))) return undefined;
  return {
    ...{ realm, nonce, algorithm: name.toUpperCase() as Algorithm, isSession: session !== undefined },
    ...(said.has('opaque') && { opaque: said.get('opaque')! }),
    ...(offered && { qop: 'auth' as const }),
    stale: said.get('stale')?.toLowerCase() === 'true',
  };
}

export interface ToAuthorise {
  method: string;
  uri: string;
  /** How often this nonce was used, this time included. */
  count?: number;
  cnonce?: string;
}

/** The value of Authorization or Proxy-Authorization. */
export function answerChallenge(
  challenge: Challenge,
  { username, password }: Credentials,
  { method, uri, count = 1, cnonce = randomBytes(12).toString('hex') }: ToAuthorise,
): string {
  const { realm, nonce, opaque, algorithm, isSession, qop } = challenge;
  const hash = (text: string): string => createHash(HASHES[algorithm]).update(text, 'utf8').digest('hex');
  const times = count.toString(16).padStart(8, '0');
  const secret = hash(`${username}:${realm}:${password}`);
  const first = isSession ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const second = hash(`${method}:${uri}`);
  const response = hash(
    qop ? `${first}:${nonce}:${times}:${cnonce}:${qop}:${second}` : `${first}:${nonce}:${second}`,
  );
  return [
    `Digest username="${username.replace(/["\\]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}${isSession ? '-sess' : ''}`,
    ...(qop ? [`qop=${qop}`, `nc=${times}`] : []),
    ...(qop || isSession ? [`cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ].join(', ');
}
