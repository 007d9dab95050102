import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@heed/kernel';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { wallTimeMs } from '../outside/wall-time.js';
import { type Fault, type Faults } from './faults.js';
import { type MailEvent } from './mail-event.js';
import { type Mailbox } from './mailbox.js';
import { messageHead } from './message-head.js';

const sizeLimit = 25 << 20;

/** The SMTP side: takes every message that no fault forbids. Localhost only, hence neither TLS nor accounts. */
export function smtpServer(mailbox: Mailbox, faults: Faults): SMTPServer {
  const transactions = new WeakMap<SMTPServerSession, string>();

  const server: SMTPServer = new SMTPServer({
    banner: 'Heed local mail server',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: sizeLimit,
    closeTimeout: 1_000,
    onMailFrom(_address, session, callback) {
      transactions.set(session, newId());
      callback();
    },
    onRcptTo({ address }, session, callback) {
      mailbox.note(told('rcpt', session, address));
      const fault = faults.take(address, 'rcpt');
      if (!fault) return callback();
      void suffer(fault, session, [address]).then(callback);
    },
    onData(stream, session, callback) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      void take(stream, session, recipients).then(callback);
    },
  });
  // A client that vanishes is daily bread: without a listener it would end the process.
  server.on('error', () => undefined);
  return server;

  function told(
    event: MailEvent['event'],
    session: SMTPServerSession,
    to: string,
    more?: Partial<MailEvent>,
  ): MailEvent {
    const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
    return { event, at: wallTimeMs(), id: transactions.get(session) ?? session.id, to, from, ...more };
  }

  /** Reads a message to its final dot and answers the error that the client is told, if any. */
  async function take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    recipients: string[],
  ): Promise<Error | null> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (error) {
      for (const to of recipients) mailbox.note(told('aborted', session, to));
      return error as Error;
    }
    const at = wallTimeMs();
    const message = Buffer.concat(chunks);
    const head = { ...messageHead(message), bytes: message.length, at };
    const events = recipients.map((to) => told('data-end', session, to, head));
    const fault = recipients.map((to) => faults.take(to, 'data')).find(Boolean);
    if (stream.sizeExceeded || fault?.code)
      for (const event of events) mailbox.note({ ...event, kept: false });
    // Hanging up comes after keeping: the sender cannot know, and would send it twice if it guessed.
    else if (events[0]) await mailbox.keep(events[0].id, message, events);
    return fault ? suffer(fault, session, recipients) : null;
  }

  async function suffer(
    fault: Fault,
    session: SMTPServerSession,
    recipients: string[],
  ): Promise<Error | null> {
    if (fault.delayMs) await pause(fault.delayMs);
    const { code } = fault;
    if (fault.hangUp) {
      for (const connection of server.connections) {
        if (connection.session.id === session.id) connection.close();
      }
    }
    if (fault.hangUp || code === undefined) return null;
    for (const to of recipients) mailbox.note(told('refused', session, to, { code }));
    const text = fault.text ?? (code < 500 ? '4.2.0 Try again later' : '5.1.1 No such mailbox');
    return Object.assign(new Error(text), { responseCode: code });
  }
}
