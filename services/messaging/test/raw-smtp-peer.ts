import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { smtpSettings, type SmtpSettings } from '../src/sending/smtp-settings.js';

export type Verb = 'greeting' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'dot' | 'RSET' | 'QUIT';
/** Bytes to answer with, or what is done with the connection instead; nothing: silence. */
export type Misbehaviour = string | ((socket: Socket) => void);

const GOOD: Record<Verb, string> = {
  greeting: '220 peer.test ESMTP\r\n',
  EHLO: '250-peer.test\r\n250 PIPELINING\r\n',
  MAIL: '250 2.1.0 Ok\r\n',
  RCPT: '250 2.1.5 Ok\r\n',
  DATA: '354 Go on\r\n',
  dot: '250 2.0.0 Queued\r\n',
  RSET: '250 2.0.0 Ok\r\n',
  QUIT: '221 2.0.0 Bye\r\n',
};

export const hangUp = (socket: Socket): void => void socket.destroy();
export const silence = (): void => undefined;

/** A mail server by hand, for what none does that keeps to the RFC. */
export class RawSmtpPeer {
  /** What it does at a stage, instead of what it should. */
  on: Partial<Record<Verb, Misbehaviour>> = {};
  /** What it saw, in order. */
  readonly seen: Verb[] = [];
  connections = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly offersPipelining = true) {
    this.server = createServer((socket) => this.serve(socket));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  settings(change: Partial<SmtpSettings['connection']> = {}): SmtpSettings {
    const { port } = this.server.address() as AddressInfo;
    const settings = smtpSettings({
      url: `smtp://127.0.0.1:${port}`,
      name: 'spec.test',
      tls: 'opportunistic',
    });
    return { ...settings, connection: { ...settings.connection, ...change } };
  }

  count(verb: Verb): number {
    return this.seen.filter((seen) => seen === verb).length;
  }

  private serve(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    let held = '';
    let inBody = false;
    socket.on('data', (chunk) => {
      held += chunk.toString('latin1');
      for (;;) {
        const end = inBody ? bodyEnd(held) : held.indexOf('\r\n') + 2;
        if (end < 2) return;
        const verb = inBody ? 'dot' : (held.slice(0, 4).toUpperCase() as Verb);
        held = held.slice(end);
        inBody = verb === 'DATA' && (this.on.DATA === undefined || this.bodyFollows);
        this.answer(verb, socket);
      }
    });
    this.answer('greeting', socket);
  }

  /** Whether what it does at DATA is an answer after which a body comes. */
  bodyFollows = false;

  private answer(verb: Verb, socket: Socket): void {
    this.seen.push(verb);
    const good = verb === 'EHLO' && !this.offersPipelining ? '250 peer.test\r\n' : GOOD[verb];
    const does = this.on[verb] ?? good;
    if (typeof does === 'string') socket.write(does, 'latin1');
    else does?.(socket);
  }
}

/** Behind the final dot; 0 where it has not come. */
function bodyEnd(text: string): number {
  if (text.startsWith('.\r\n')) return 3;
  const at = text.indexOf('\r\n.\r\n');
  return at < 0 ? 0 : at + 5;
}
