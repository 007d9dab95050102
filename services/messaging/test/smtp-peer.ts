import { type AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { smtpSettings, type SmtpSettings } from '../src/sending/smtp-settings.js';

export interface Kept {
  from: string;
  to: string[];
  raw: string;
}

/** A real SMTP server that keeps what it gets, and misbehaves as a spec tells it. */
export class SmtpPeer {
  readonly kept: Kept[] = [];
  readonly recipients: string[] = [];
  readonly senders: string[] = [];
  /** When each RCPT TO was seen, and each final dot, by the wall clock in milliseconds. */
  readonly begun = new Map<string, number>();
  readonly ended = new Map<string, number>();
  connections = 0;
  /** Called at RCPT TO; an error is the answer. */
  onRecipient: (address: string, hangUp: () => void) => Promise<Error | null> | Error | null = () => null;
  /** Called when the final dot has been read, before the answer. */
  onMessage: (kept: Kept, hangUp: () => void) => Promise<Error | null> | Error | null = () => null;
  private readonly server: SMTPServer;

  constructor(options: SMTPServerOptions = {}) {
    this.server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 500,
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onMailFrom: ({ address }, _session, done) => {
        this.senders.push(address);
        done();
      },
      onRcptTo: ({ address }, session, done) => {
        this.recipients.push(address);
        this.begun.set(address, Date.now());
        void Promise.resolve(this.onRecipient(address, this.hangUp(session))).then(done);
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const at = Date.now();
          const { mailFrom, rcptTo } = session.envelope;
          const kept: Kept = {
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString(),
          };
          for (const to of kept.to) this.ended.set(to, at);
          void Promise.resolve(this.onMessage(kept, this.hangUp(session))).then((error) => {
            if (!error) this.kept.push(kept);
            done(error);
          });
        });
      },
      ...options,
    });
    this.server.on('error', () => undefined);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  settings(): SmtpSettings {
    return smtpSettings({ url: this.url, name: 'spec.test', tls: 'opportunistic' });
  }

  async stop(): Promise<void> {
    this.hangUpAll();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  hangUpAll(): void {
    for (const connection of this.server.connections) connection.close();
  }

  private hangUp(session: SMTPServerSession): () => void {
    return () => {
      for (const connection of this.server.connections) {
        if (connection.session.id === session.id) connection.close();
      }
    };
  }
}

export function smtpError(responseCode: number, text = 'no such person as ada@people.test'): Error {
  return Object.assign(new Error(text), { responseCode });
}
