import { type Socket } from 'node:net';
import { DomainError } from '@heed/kernel';
import SMTPConnection, { type SMTPConnectionAuth } from 'nodemailer/lib/smtp-connection';
import { classOf, codeOf, codesIn } from '../bounces/bounce-class.js';
import { GuardedBody, onceWritten } from './guarded-body.js';
import { type Bounce, type Envelope, type Guard, type HandOver, type Stage } from './hand-over.js';
import { type SmtpSettings } from './smtp-settings.js';

interface Transfer {
  guard: Guard;
  stage: Stage;
  /** The final dot has left this process, and the clock was looked at. */
  written: boolean;
  settle(result: HandOver): void;
}

/** What nodemailer's connection does not declare and this class relies on; its spec fails where a version differs. */
interface Internals {
  /** Every command passes here. With PIPELINING MAIL, RCPT and DATA pass in one turn while the socket is corked. */
  _sendCommand(this: SMTPConnection, command: string, logged?: string): void;
}
const { _sendCommand: sendCommand } = SMTPConnection.prototype as unknown as Internals;

/**
 * nodemailer's SMTP dialogue with a guard at the points of no return. The first check stands inside the dialogue and
 * not before `send`: without PIPELINING RCPT TO leaves one round trip after MAIL.
 */
export class GuardedConnection extends SMTPConnection {
  private transfer: Transfer | undefined;

  /** Resolves when the server has greeted and, where there is an account, let us in. */
  static async open({ connection, auth }: SmtpSettings): Promise<GuardedConnection> {
    const opened = new GuardedConnection(connection);
    try {
      await new Promise<void>((resolve, reject) => {
        // An error also reaches whoever waits for a message; without a listener it would end the process.
        opened.on('error', reject);
        opened.connect((error?: Error) => (error ? reject(error) : resolve()));
      });
      if (auth) await opened.authenticate(auth);
      return opened;
    } catch (error) {
      opened.close();
      // The server's own text may name people: it is reduced to codes (ATTACKS 1.4).
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      throw new DomainError('MAIL_SERVER_UNAVAILABLE', 'unavailable', {
        metadata: { code: code ?? '', status: String(responseCode ?? '') },
      });
    }
  }

  /** Carries one message. Afterwards the connection may be used again if it is not destroyed. */
  carry(envelope: Envelope, message: Buffer, guard: Guard): Promise<HandOver> {
    return new Promise((resolve) => {
      const transfer: Transfer = {
        guard,
        stage: 'not-begun',
        written: false,
        settle: (result) => {
          if (this.transfer === transfer) this.transfer = undefined;
          resolve(result);
        },
      };
      this.transfer = transfer;
      const body = new GuardedBody(message, this.socket, {
        before: () => guard.beforeEnd(),
        may: () => {
          if (!guard.mayEnd()) return false;
          transfer.stage = 'ended';
          return true;
        },
        refused: () => this.withhold(transfer),
        written: () => this.written(transfer),
      });
      this.send({ from: envelope.from, to: [envelope.to], size: message.length }, body, (error) => {
        // An answer may be read before the write that it answers is said to be done: it is, then.
        if (transfer.stage === 'ended') this.written(transfer);
        transfer.settle(error ? resultOf(error, transfer.stage) : { kind: 'accepted' });
      });
    });
  }

  /** Proves that the server still listens, and ends whatever transaction it may think is open. */
  async renew(): Promise<void> {
    let ended = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        // nodemailer forgets its callbacks when a connection ends.
        ended = () => reject(new Error('the connection ended'));
        this.once('end', ended);
        this.reset((error?: Error | null) => (error ? reject(error) : resolve()));
      });
    } finally {
      this.off('end', ended);
    }
  }

  _sendCommand(command: string, logged?: string): void {
    const { transfer } = this;
    if (!transfer || !command.startsWith('RCPT TO:')) {
      sendCommand.call(this, command, logged);
    } else if (!this.destroyed && transfer.guard.mayBegin()) {
      transfer.stage = 'begun';
      sendCommand.call(this, command, logged);
      onceWritten(this.socket, () => transfer.guard.begun());
    } else {
      this.withhold(transfer);
    }
  }

  private written(transfer: Transfer): void {
    if (transfer.written) return;
    transfer.written = true;
    transfer.guard.ended();
  }

  /** What stands in the socket's buffer (a corked MAIL) goes with the socket. */
  private withhold(transfer: Transfer): void {
    const { stage } = transfer;
    transfer.settle({ kind: 'withheld', stage: stage === 'not-begun' ? stage : 'begun' });
    this.close();
  }

  private get socket(): Socket {
    return this._socket as Socket;
  }

  private authenticate(auth: SMTPConnectionAuth): Promise<void> {
    return new Promise((resolve, reject) => this.login(auth, (error) => (error ? reject(error) : resolve())));
  }
}

interface SmtpError {
  responseCode?: number;
  response?: string;
  code?: string;
  command?: string;
}

function resultOf(error: SmtpError, stage: Stage): HandOver {
  const { responseCode, response, code, command } = error;
  if (responseCode !== undefined && responseCode >= 400) {
    const bounce = bounceOf(response ?? '');
    return { kind: 'refused', reason: `smtp_${responseCode}`, ...(bounce && { bounce }) };
  }
  if (code === 'EENVELOPE' && command === 'API') return { kind: 'refused', reason: 'address_invalid' };
  if (code === 'EMESSAGE' && command === 'MAIL FROM') return { kind: 'refused', reason: 'message_too_large' };
  return { kind: 'lost', stage };
}

/**
 * What the server's answer says of the address: of its text the codes alone (ATTACKS 1.4). A refusal that passes, or
 * that gives no reason, says something only where it speaks of the mailbox (RFC 3463, 3.3): servers that are busy put
 * off everybody.
 */
function bounceOf(response: string): Bounce | undefined {
  const codes = codesIn(response);
  const delivery = classOf(codes);
  const ofMailbox = codes.enhanced?.split('.')[1] === '2';
  const passes = (codes.reply ?? 0) < 500 || delivery === 'soft_bounce';
  return passes && !ofMailbox ? undefined : { delivery, code: codeOf(codes) };
}
