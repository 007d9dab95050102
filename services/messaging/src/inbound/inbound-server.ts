import { readFileSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, DomainError, type Clock } from '@heed/kernel';
import { logger, metrics } from '@heed/telemetry';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type MessagingSettings } from '../settings.js';
import { COMPLAINTS, InboundAddresses, type Addressed } from './inbound-addresses.js';
import { ReceiveMail, type ArrivedMail } from './receive-mail.js';

/** An answer is some kilobytes; what is larger quotes all of a long mail, or carries what nobody here looks at. */
const LARGEST_BYTES = 2 << 20;
/** SPEC: RFC 5321, 4.5.3.1.8 asks for 100; each of ours stands for one person, and nobody answers ten of them at once. */
const MOST_RECIPIENTS = 10;
const MOST_CONNECTIONS = 100;
const SILENCE_MS = 60_000;
/** However slowly it trickles. */
const LONGEST_SESSION_MS = 300_000;

const log = logger({ component: 'inbound' });
const refused = metrics.counter('heed_inbound_refused_total', {
  description: 'Recipients and mails that the inbound edge did not take, by reason',
});

/**
 * Where mail comes back: for addresses that we gave out, and for nothing else. It relays nothing, needs no account and
 * says of an address that was made up no more than of any other it does not take.
 */
@Injectable()
export class InboundServer implements OnModuleDestroy {
  private server: SMTPServer | undefined;
  private readonly closing = new AbortController();
  private readonly addressed = new WeakMap<SMTPServerSession, (Addressed | typeof COMPLAINTS)[]>();

  constructor(
    private readonly addresses: InboundAddresses,
    private readonly receiving: ReceiveMail,
    @Inject(SETTINGS) private readonly settings: MessagingSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Port that it listens on; undefined where this process takes no mail. */
  get port(): number | undefined {
    return (this.server?.server.address() as AddressInfo | null | undefined)?.port;
  }

  async start(): Promise<void> {
    const {
      HEED_INBOUND_SMTP_PORT: port,
      HEED_INBOUND_SMTP_HOST: host,
      HEED_INBOUND_DOMAIN: domain,
    } = this.settings;
    if (port === undefined) return;
    if (domain === undefined) {
      throw new DomainError('SETTING_INVALID', 'internal', {
        message: 'HEED_INBOUND_SMTP_PORT is set and HEED_INBOUND_DOMAIN is not: no address would be taken',
      });
    }
    const server = this.make(domain);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    // A client that vanishes is daily bread: without a listener it would end the process.
    server.on('error', (error) => log.warn('an inbound connection failed', { error }));
    this.server = server;
    log.info('takes mail that comes back', { port: this.port ?? 0 });
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    const { server } = this;
    if (server) await new Promise<void>((resolve) => server.close(resolve));
  }

  private make(domain: string): SMTPServer {
    const { HEED_INBOUND_TLS_CERT_FILE: cert, HEED_INBOUND_TLS_KEY_FILE: key } = this.settings;
    const tls = cert !== undefined && key !== undefined;
    return new SMTPServer({
      name: domain,
      banner: 'Heed',
      logger: false,
      disableReverseLookup: true,
      disabledCommands: tls ? ['AUTH'] : ['AUTH', 'STARTTLS'],
      ...(tls ? { cert: readFileSync(cert), key: readFileSync(key) } : {}),
      size: LARGEST_BYTES,
      maxClients: MOST_CONNECTIONS,
      socketTimeout: SILENCE_MS,
      closeTimeout: 5_000,
      onConnect: (session, done) => {
        this.limitTime(session);
        done();
      },
      onMailFrom: (_address, session, done) => {
        this.addressed.set(session, []);
        done();
      },
      onRcptTo: ({ address }, session, done) => {
        this.admit(address, session).then(() => done(), done);
      },
      onData: (stream, session, done) => {
        this.take(stream, session).then(() => done(null, 'taken'), done);
      },
    });
  }

  private async admit(address: string, session: SMTPServerSession): Promise<void> {
    const known = this.addressed.get(session) ?? [];
    if (known.length >= MOST_RECIPIENTS) throw this.refusal('recipients', 452, '4.5.3 Too many recipients');
    const addressed = await this.recipient(address).catch((error: unknown) => {
      log.warn('an address could not be verified', { error });
      throw this.refusal('unavailable', 451, '4.3.0 Try again later');
    });
    // Made up, of another domain, of a tenant that never was: one answer.
    if (!addressed) throw this.refusal('unknown', 550, '5.1.1 No such address here');
    this.addressed.set(session, [...known, addressed]);
  }

  private async recipient(address: string): Promise<Addressed | typeof COMPLAINTS | undefined> {
    return this.addresses.isForComplaints(address) ? COMPLAINTS : this.addresses.verify(address);
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // Read to its end all the same: nobody hears an answer while they talk.
      if (bytes <= LARGEST_BYTES) chunks.push(chunk);
    }
    if (bytes > LARGEST_BYTES || stream.sizeExceeded) {
      throw this.refusal('size', 552, '5.3.4 Message too large');
    }
    const mail = { raw: Buffer.concat(chunks), nullSender: isNull(session) };
    try {
      for (const recipient of this.addressed.get(session) ?? []) await this.receive(recipient, mail);
    } catch (error) {
      log.error('a mail that came back could not be kept: whoever brings it is to try again', { error });
      throw this.refusal('unavailable', 451, '4.3.0 Try again later');
    }
  }

  /** What comes to the address for complaints is one, or nothing; of whom it is about another knows more than we. */
  private async receive(recipient: Addressed | typeof COMPLAINTS, mail: ArrivedMail): Promise<void> {
    if (recipient !== COMPLAINTS) return this.receiving.receive(recipient, mail);
    const addressed = await this.addresses.findIn(mail.raw);
    if (addressed) return this.receiving.receive(addressed, { ...mail, onlyComplaint: true });
    refused.add(1, { reason: 'complaint_unresolved' });
  }

  private refusal(reason: string, responseCode: number, text: string): Error {
    refused.add(1, { reason });
    return Object.assign(new Error(text), { responseCode });
  }

  private limitTime({ id }: SMTPServerSession): void {
    const { server } = this;
    const close = (): void => {
      for (const connection of server?.connections ?? [])
        if (connection.session.id === id) connection.close();
    };
    this.clock.wait(LONGEST_SESSION_MS, this.closing.signal).then(close, () => undefined);
  }
}

function isNull({ envelope }: SMTPServerSession): boolean {
  return !envelope.mailFrom || envelope.mailFrom.address === '';
}
