/** What came over the wire, as far as it could be trusted to be a SIP message at all (RFC 3261, 7). */
export interface SipMessage {
  /** Of a request. */
  method?: string;
  uri?: string;
  /** Of a response. */
  status?: number;
  headers: SipHeaders;
  body: Buffer;
  callId: string;
  cseq: { number: number; method: string };
  /** Of the topmost Via: names the transaction. */
  branch: string;
  fromTag: string;
  /** Empty before there is a dialog. */
  toTag: string;
}

/** Values by lower-case name, in their order. */
export type SipHeaders = ReadonlyMap<string, readonly string[]>;

/** A datagram cannot be longer; a stream is cut here too. */
export const LARGEST_MESSAGE = 65_535;
const LARGEST_HEAD = 16 * 1024;
const MOST_HEADERS = 120;

const COMPACT: Record<string, string> = {
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  k: 'supported',
  t: 'to',
  v: 'via',
  x: 'session-expires',
};

const TOKEN = "[A-Za-z0-9\\-.!%*_+`'~]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) (\\S{1,1024}) SIP/2\\.0$`);
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: [^\r\n]*)?$/;
const HEADER = new RegExp(`^(${TOKEN})[ \\t]*:[ \\t]*(.*)$`, 's');
const CSEQ = new RegExp(`^(\\d{1,10})[ \\t]+(${TOKEN})$`);

/** Undefined for anything else than a whole message: whoever sent it gets no answer. */
export function readMessage(bytes: Buffer): SipMessage | undefined {
  if (bytes.length > LARGEST_MESSAGE) return undefined;
  const end = bytes.indexOf('\r\n\r\n');
  if (end <= 0 || end > LARGEST_HEAD) return undefined;
  const lines = linesOf(bytes.toString('utf8', 0, end));
  const headers = headersOf(lines.slice(1));
  if (!headers) return undefined;
  const body = bodyOf(bytes.subarray(end + 4), headers);
  const names = namesOf(headers);
  if (!body || !names) return undefined;
  const request = REQUEST_LINE.exec(lines[0]!);
  if (request) {
    const [, method, uri] = request;
    // SPEC (8.1.1.5): "The method MUST match that of the request."
    return names.cseq.method === method ? { method, uri: uri!, headers, body, ...names } : undefined;
  }
  const status = STATUS_LINE.exec(lines[0]!);
  return status ? { status: Number(status[1]), headers, body, ...names } : undefined;
}

/** How long the message is that a stream begins with: undefined while its head is not all there, 0 if it is none. */
export function lengthInStream(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > LARGEST_HEAD ? 0 : undefined;
  if (end > LARGEST_HEAD) return 0;
  const headers = headersOf(linesOf(bytes.toString('utf8', 0, end)).slice(1));
  // SPEC (20.14): "If a stream-based protocol (such as TCP) is used as transport, the header field MUST be used."
  const said = headers?.get('content-length');
  if (said?.length !== 1 || !/^\d{1,6}$/.test(said[0]!)) return 0;
  const length = end + 4 + Number(said[0]);
  return length > LARGEST_MESSAGE ? 0 : length;
}

export function header({ headers }: Pick<SipMessage, 'headers'>, name: string): string | undefined {
  return headers.get(name)?.[0];
}

/** All values of a header that may list several in one line (Via, Contact, Route). */
export function listed({ headers }: Pick<SipMessage, 'headers'>, name: string): string[] {
  return (headers.get(name) ?? []).flatMap(splitList);
}

/** Values between commas, except within quotes and angle brackets. */
export function splitList(line: string): string[] {
  const values: string[] = [];
  let from = 0;
  let isQuoted = false;
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    if (sign === '\\' && isQuoted) at += 1;
    else if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (sign === '<') depth += 1;
    else if (sign === '>') depth -= 1;
    else if (sign === ',' && depth === 0) {
      values.push(line.slice(from, at).trim());
      from = at + 1;
    }
  }
  values.push(line.slice(from).trim());
  return values.filter((value) => value !== '');
}

/** A message of ours. What is put into it is made by us or was checked before. */
export function writeMessage(
  firstLine: string,
  headers: readonly (readonly [string, string])[],
  body: Buffer = Buffer.alloc(0),
): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const head = [firstLine, ...lines, `Content-Length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'utf8'), body]);
}

function linesOf(head: string): string[] {
  // SPEC (7.3.1): header fields can be extended over lines that begin with a space or tab.
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

function headersOf(lines: readonly string[]): SipHeaders | undefined {
  if (lines.length > MOST_HEADERS) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [, written, value] = HEADER.exec(line) ?? [];
    if (!written) return undefined;
    const short = written.toLowerCase();
    const name = COMPACT[short] ?? short;
    const values = headers.get(name);
    if (values) values.push(value!.trim());
    else headers.set(name, [value!.trim()]);
  }
  return headers;
}

function bodyOf(rest: Buffer, headers: SipHeaders): Buffer | undefined {
  const said = headers.get('content-length')?.[0];
  if (said === undefined) return rest;
  if (!/^\d{1,6}$/.test(said)) return undefined;
  // SPEC (18.3): a datagram that ends before its body does is discarded; what follows the body is ignored.
  return Number(said) <= rest.length ? rest.subarray(0, Number(said)) : undefined;
}

/** What says which dialog and which transaction a message is of. All of it is mandatory. */
function namesOf(
  headers: SipHeaders,
): Pick<SipMessage, 'callId' | 'cseq' | 'branch' | 'fromTag' | 'toTag'> | undefined {
  const only = (name: string): string | undefined => {
    const values = headers.get(name);
    return values?.length === 1 ? values[0] : undefined;
  };
  const [callId, from, to, cseq] = ['call-id', 'from', 'to', 'cseq'].map(only);
  const [via] = listed({ headers }, 'via');
  const [, number, method] = CSEQ.exec(cseq ?? '') ?? [];
  if (!callId || callId.length > 256 || !from || !to || !via || !method || Number(number) >= 2 ** 31)
    return undefined;
  const fromTag = parameter(from, 'tag');
  const branch = parameter(via, 'branch');
  if (!fromTag || !branch) return undefined;
  return {
    ...{ callId, branch, fromTag, toTag: parameter(to, 'tag') ?? '' },
    cseq: { number: Number(number), method },
  };
}

/** A parameter of a header's value: `;name=value` behind the address, never within it or within quotes. */
export function parameter(value: string, name: string): string | undefined {
  const bare = value.replace(/"(?:\\.|[^"\\])*"/g, (quoted) => 'q'.repeat(quoted.length));
  const outside = bare.includes('>') ? bare.lastIndexOf('>') + 1 : Math.max(bare.indexOf(';'), 0);
  const found = new RegExp(`;[ \\t]*${name}[ \\t]*=[ \\t]*([^;,\\s]{1,256})`, 'i').exec(bare.slice(outside));
  if (!found) return undefined;
  const at = outside + found.index + found[0].length;
  return value.slice(at - found[1]!.length, at).replace(/^"(.*)"$/, '$1');
}
