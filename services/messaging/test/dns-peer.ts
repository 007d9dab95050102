import { createSocket, type RemoteInfo } from 'node:dgram';

const TYPES: Record<number, 'A' | 'MX' | 'TXT' | 'AAAA'> = { 1: 'A', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
const NXDOMAIN = 3;
const SERVFAIL = 2;

/** A real DNS server over UDP, with the records that a spec gives it. */
export class DnsPeer {
  /** By type and name: `TXT sender.test`. */
  readonly records = new Map<string, string[]>();
  /** Names that it answers SERVFAIL for. */
  readonly broken = new Set<string>();
  readonly asked: string[] = [];
  private readonly socket = createSocket('udp4');

  async start(): Promise<void> {
    this.socket.on('message', (question, from) => this.answer(question, from));
    await new Promise<void>((resolve) => this.socket.bind(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  set(type: 'A' | 'MX' | 'TXT' | 'AAAA', name: string, ...values: string[]): void {
    this.records.set(`${type} ${name}`, values);
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve));
  }

  /** SPEC: RFC 1035, 4.1: header, question, and answers that point back at its name. */
  private answer(question: Buffer, from: RemoteInfo): void {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at]!; length > 0; length = question[at]!) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join('.').toLowerCase();
    const type = TYPES[question.readUInt16BE(at + 1)];
    this.asked.push(`${type} ${name}`);
    const values = type ? (this.records.get(`${type} ${name}`) ?? []) : [];
    const isKnown = [...this.records.keys()].some((key) => key.endsWith(` ${name}`));
    const code = this.broken.has(name) ? SERVFAIL : isKnown ? 0 : NXDOMAIN;
    const header = Buffer.alloc(12);
    question.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(code === 0 ? values.length : 0, 6);
    const answers = code === 0 && type ? values.map((value) => resource(type, value)) : [];
    const message = Buffer.concat([header, question.subarray(12, at + 5), ...answers]);
    this.socket.send(message, from.port, from.address);
  }
}

function resource(type: 'A' | 'MX' | 'TXT' | 'AAAA', value: string): Buffer {
  const data = dataOf(type, value);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(Number(Object.entries(TYPES).find(([, name]) => name === type)![0]), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(type: 'A' | 'MX' | 'TXT' | 'AAAA', value: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'AAAA': {
      const [left = '', right = ''] = value.split('::');
      const groups = (text: string) => (text === '' ? [] : text.split(':'));
      const missing = 8 - groups(left).length - groups(right).length;
      const all = [...groups(left), ...Array<string>(missing).fill('0'), ...groups(right)];
      return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
    }
    case 'MX':
      return Buffer.concat([Buffer.from([0, 10]), nameOf(value)]);
    case 'TXT':
      // SPEC: RFC 1035, 3.3.14: strings of 255 bytes at most.
      return Buffer.concat(
        (value.match(/.{1,255}/gs) ?? ['']).map((part) =>
          Buffer.concat([Buffer.of(part.length), Buffer.from(part, 'latin1')]),
        ),
      );
  }
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}
