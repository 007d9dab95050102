/** What two sides agreed on: G.711 over RTP, and perhaps keys as telephone events (RFC 4733). */
export interface AgreedMedia {
  host: string;
  port: number;
  codec: Codec;
  /** Payload type of telephone-event, where the other side takes it. */
  keysAs?: number;
}

export type Codec = 'PCMU' | 'PCMA';

/** Static payload types (RFC 3551). */
export const PAYLOAD_TYPE: Record<Codec, number> = { PCMU: 0, PCMA: 8 };
const OUR_KEYS_AS = 101;
const LARGEST_SDP = 8 * 1024;

/** Our side, offered and answered alike (RFC 3264, RFC 8866). `session` is a number that stays for the dialog. */
export function describeMedia(host: string, port: number, session: number): Buffer {
  const family = host.includes(':') ? 'IP6' : 'IP4';
  const lines = [
    'v=0',
    `o=- ${session} ${session} IN ${family} ${host}`,
    's=-',
    `c=IN ${family} ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 8 ${OUR_KEYS_AS}`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    `a=rtpmap:${OUR_KEYS_AS} telephone-event/8000`,
    `a=fmtp:${OUR_KEYS_AS} 0-15`,
    'a=ptime:20',
    'a=sendrecv',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

/** Undefined where there is nothing in it that we could hear. */
export function readMedia(body: Buffer): AgreedMedia | undefined {
  if (body.length === 0 || body.length > LARGEST_SDP) return undefined;
  const lines = body.toString('latin1').split(/\r\n|\n/);
  const at = lines.findIndex((line) => line.startsWith('m='));
  const audio = lines.findIndex((line) => line.startsWith('m=audio '));
  if (audio < 0) return undefined;
  const next = lines.findIndex((line, index) => index > audio && line.startsWith('m='));
  const own = lines.slice(audio, next < 0 ? undefined : next);
  const [, port, formats] = /^m=audio (\d{1,5})(?:\/\d+)? RTP\/AVPF? ([\d ]{1,200})$/.exec(own[0]!) ?? [];
  const host = connectionIn(own) ?? connectionIn(lines.slice(0, at));
  // Port 0 refuses the stream.
  if (!port || !formats || !host || Number(port) < 1 || Number(port) > 65_535) return undefined;
  const types = formats.trim().split(/ +/).map(Number);
  const codec = types.map(codecOf).find((name) => name !== undefined);
  if (!codec) return undefined;
  const keysAs = types.find((type) =>
    own.some((line) => new RegExp(`^a=rtpmap:${type} telephone-event/8000\\b`, 'i').test(line)),
  );
  return { host, port: Number(port), codec, ...(keysAs !== undefined && { keysAs }) };
}

function codecOf(type: number): Codec | undefined {
  if (type === PAYLOAD_TYPE.PCMU) return 'PCMU';
  return type === PAYLOAD_TYPE.PCMA ? 'PCMA' : undefined;
}

/** Addresses only: a name here would make us ask a resolver whatever the other side wishes. */
function connectionIn(lines: readonly string[]): string | undefined {
  const line = lines.find((each) => each.startsWith('c='));
  const [, four, six] =
    /^c=IN (?:IP4 (\d{1,3}(?:\.\d{1,3}){3})(?:\/\d+)*|IP6 ([0-9A-Fa-f:.]{2,45})(?:\/\d+)?)\s*$/.exec(
      line ?? '',
    ) ?? [];
  return four ?? six;
}
