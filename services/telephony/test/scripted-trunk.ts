import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket as Stream } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describeMedia } from '../src/sip/sdp.js';
import {
  header,
  lengthInStream,
  readMessage,
  type SipMessage,
  writeMessage,
} from '../src/sip/sip-message.js';
import { addressIn } from '../src/sip/sip-uri.js';
import { type Certificate } from './certificates.js';

interface AnswerOptions {
  tag?: string;
  headers?: [string, string][];
  body?: Buffer;
}

/** What a trunk does when it is asked something. */
type Script = (request: SipMessage, trunk: ScriptedTrunk) => void;

/** A trunk that does what a specification says, the wrong things included, over UDP or over TCP. */
export class ScriptedTrunk {
  readonly received: SipMessage[] = [];
  /** The bytes of each, to tell a copy from a second one. */
  readonly bytes: string[] = [];
  script: Script = () => undefined;
  port = 0;
  private socket: Socket | undefined;
  private server: Server | undefined;
  private isSecure = false;
  private stream: Stream | undefined;
  private readonly peers = new Map<string, RemoteInfo>();
  private last = '';
  private waiters: { fits: (message: SipMessage) => boolean; resolve: (message: SipMessage) => void }[] = [];

  async listen(transport: 'udp' | 'tcp' | Certificate = 'udp'): Promise<void> {
    if (transport !== 'udp') return this.listenForStreams(transport === 'tcp' ? undefined : transport);
    this.socket = createSocket('udp4');
    this.socket.on('message', (bytes, from) => {
      const message = readMessage(bytes)!;
      this.peers.set((this.last = message.callId), from);
      this.take(message, bytes);
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    this.port = this.socket.address().port;
  }

  get url(): string {
    return `sip:127.0.0.1:${this.port}${this.server ? `;transport=${this.isSecure ? 'tls' : 'tcp'}` : ''}`;
  }

  /** Something that is to come, or has come already. */
  has(fits: (message: SipMessage) => boolean): Promise<SipMessage> {
    const found = this.received.find(fits);
    return found ? Promise.resolve(found) : new Promise((resolve) => this.waiters.push({ fits, resolve }));
  }

  hasMethod(method: string): Promise<SipMessage> {
    return this.has((message) => message.method === method);
  }

  count(method: string): number {
    return this.received.filter((message) => message.method === method).length;
  }

  answer(
    request: SipMessage,
    status: number,
    { tag = 'theirs', headers = [], body }: AnswerOptions = {},
  ): void {
    const to = header(request, 'to')!;
    const own = (name: string): [string, string] => [name, header(request, name.toLowerCase())!];
    const written: [string, string][] = [own('Via'), own('From'), own('Call-ID'), own('CSeq')];
    written.push(['To', request.toTag || status === 100 ? to : `${to};tag=${tag}`], ...headers);
    if (status >= 180 && status < 300) written.push(['Contact', `<sip:phone@127.0.0.1:${this.port}>`]);
    this.send(writeMessage(`SIP/2.0 ${status} Said`, written, body));
  }

  /** Taken up, with sound at a port. */
  accept(
    invite: SipMessage,
    { tag, port = 9, host = '127.0.0.1' }: { tag?: string; port?: number; host?: string } = {},
  ): void {
    const body = describeMedia(host, port, 1);
    this.answer(invite, 200, { body, headers: [['Content-Type', 'application/sdp']], ...(tag && { tag }) });
  }

  /** A request within the call that this INVITE began. */
  ask(
    invite: SipMessage,
    method: string,
    {
      number = 1,
      tag = 'theirs',
      to = header(invite, 'from')!,
      headers = [],
      body,
    }: AnswerOptions & { number?: number; to?: string } = {},
  ): void {
    const written: [string, string][] = [
      ['Via', `SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${method}${number}`],
      ['From', `${header(invite, 'to')};tag=${tag}`],
      ...([['To', to], ['Call-ID', invite.callId], ['CSeq', `${number} ${method}`], ...headers] as [
        string,
        string,
      ][]),
    ];
    this.send(writeMessage(`${method} ${addressIn(header(invite, 'contact')!)} SIP/2.0`, written, body));
  }

  send(bytes: Buffer): void {
    if (this.stream) this.stream.write(bytes);
    else {
      const { port, address } =
        this.peers.get(readMessage(bytes)?.callId ?? this.last) ?? this.peers.get(this.last)!;
      this.socket!.send(bytes, port, address);
    }
  }

  /** Every connection breaks. */
  hangUpOnEveryone(): void {
    this.stream?.destroy();
  }

  /** Resolves once nobody is connected. */
  async isAlone(): Promise<void> {
    if (this.stream && !this.stream.closed) await once(this.stream, 'close');
  }

  async close(): Promise<void> {
    this.stream?.destroy();
    this.socket?.close();
    if (this.server) await new Promise((resolve) => this.server!.close(resolve));
  }

  private async listenForStreams(secure?: Certificate): Promise<void> {
    this.isSecure = secure !== undefined;
    const serve = (stream: Stream): void => {
      this.stream = stream;
      let pending = Buffer.alloc(0);
      stream.on('error', () => undefined);
      stream.on('data', (piece: Buffer) => {
        pending = Buffer.concat([pending, piece]);
        for (let length = lengthInStream(pending); length && length <= pending.length;) {
          const whole = pending.subarray(0, length);
          pending = Buffer.from(pending.subarray(length));
          this.take(readMessage(whole)!, whole);
          length = lengthInStream(pending);
        }
      });
    };
    this.server = secure ? createTlsServer(secure, serve) : createServer(serve);
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
  }

  private take(message: SipMessage, bytes: Buffer): void {
    // A copy, which a busy machine sends before it has read the answer, is heard but not acted on.
    const isCopy = this.bytes.includes(bytes.toString());
    this.received.push(message);
    this.bytes.push(bytes.toString());
    if (message.method && !isCopy) this.script(message, this);
    const heard = this.waiters.filter(({ fits }) => fits(message));
    this.waiters = this.waiters.filter((waiter) => !heard.includes(waiter));
    for (const { resolve } of heard) resolve(message);
  }
}
