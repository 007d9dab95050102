import { type Socket } from 'node:net';
import { DomainError } from '@heed/kernel';
import { LastCheck } from '@heed/permits';
import SMTPConnection, { type SMTPConnectionAuth } from 'nodemailer/lib/smtp-connection';
import { classOf, codeOf, codesIn } from '../bounces/bounce-class.js';
import { GuardedBody, onceWritten } from './guarded-body.js';
import {
  type Bounce,
  type Envelope,
  type Guard,
  type HandOver,
  type Pieces,
  type Stage,
} from './hand-over.js';
import { type SmtpSettings } from './smtp-settings.js';

interface Transfer {
  guard: Guard;
  stage: Stage;
  /** The check before the final dot. */
  end?: LastCheck | undefined;
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
  static async open({ connection, auth, limits }: SmtpSettings): Promise<GuardedConnection> {
    const opened = new GuardedConnection(connection);
    let deadline: NodeJS.Timeout | undefined;
    // nodemailer forgets its callbacks when a connection ends; and an error also reaches whoever waits for a message:
    // without a listener it would end the process.
    const failed = new Promise<never>((_resolve, reject) => {
      opened.on('error', reject);
      deadline = setTimeout(() => reject(new Error('the server is too slow')), limits.setUpMs);
    });
    try {
      await Promise.race([opened.enter(auth), failed]);
      return opened;
    } catch (error) {
      opened.close();
      // The server's own text may name people: it is reduced to codes (ATTACKS 1.4).
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      throw new DomainError('MAIL_SERVER_UNAVAILABLE', 'unavailable', {
        metadata: { code: code ?? '', status: String(responseCode || '') },
      });
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Carries one message. Afterwards the connection may be used again if it is not destroyed. */
  carry(envelope: Envelope, message: Pieces, guard: Guard, longestMs: number): Promise<HandOver> {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => this.lose(transfer), longestMs);
      // Closed by ourselves: nodemailer then tells nobody. In all other cases it tells before the next turn.
      const ended = (): void => void setImmediate(() => this.lose(transfer));
      this.once('end', ended);
      const transfer: Transfer = {
        guard,
        ...{ stage: 'not-begun', written: false },
        settle: (result) => {
          clearTimeout(deadline);
          this.off('end', ended);
          if (this.transfer === transfer) this.transfer = undefined;
          resolve(result);
        },
      };
      this.transfer = transfer;
      const body = new GuardedBody(message, this.socket, {
        before: () => guard.beforeEnd(),
        may: () => {
          transfer.end = LastCheck.passed(() => guard.mayEnd());
          if (!transfer.end) return false;
          transfer.stage = 'ended';
          return true;
        },
        refused: () => this.withhold(transfer),
        written: () => this.written(transfer),
      });
      const size = message.reduce((sum, piece) => sum + piece.length, 0);
      this.send({ from: envelope.from, to: [envelope.to], size }, body, (error) => {
        // An answer may be read before the write that it answers is said to be done: it is, then.
        if (transfer.stage === 'ended') this.written(transfer);
        // Told before it could know: it is not where we are. What it says counts, and not a byte more is written, or the
        // message that it refused would be ended after all.
        const early = transfer.stage !== 'ended' && body.isCarried;
        transfer.settle(resultOf(error, transfer.stage));
        if (early) this.close();
      });
    });
  }

  /** Proves that the server still listens, and ends whatever transaction it may think is open. */
  async renew(longestMs: number): Promise<void> {
    let ended = (): void => undefined;
    const deadline = setTimeout(() => this.close(), longestMs);
    try {
      await new Promise<void>((resolve, reject) => {
        // nodemailer forgets its callbacks when a connection ends.
        ended = () => reject(new Error('the connection ended'));
        this.once('end', ended);
        this.reset((error?: Error | null) => (error ? reject(error) : resolve()));
      });
    } finally {
      clearTimeout(deadline);
      this.off('end', ended);
    }
  }

  _sendCommand(command: string, logged?: string): void {
    const { transfer } = this;
    if (!transfer || !command.startsWith('RCPT TO:')) return sendCommand.call(this, command, logged);
    const check = this.destroyed ? undefined : LastCheck.passed(() => transfer.guard.mayBegin());
    if (!check) return this.withhold(transfer);
    transfer.stage = 'begun';
    sendCommand.call(this, command, logged);
    onceWritten(this.socket, () => {
      check.written('email');
      transfer.guard.begun();
    });
  }

  private written(transfer: Transfer): void {
    if (transfer.written) return;
    transfer.written = true;
    transfer.end?.written('email');
    transfer.guard.ended();
  }

  /** What stands in the socket's buffer (a corked MAIL) goes with the socket. */
  private withhold(transfer: Transfer): void {
    const { stage } = transfer;
    transfer.settle({ kind: 'withheld', stage: stage === 'not-begun' ? stage : 'begun' });
    this.close();
  }

  private lose(transfer: Transfer): void {
    transfer.settle({ kind: 'lost', stage: transfer.stage });
    this.close();
  }

  private get socket(): Socket {
    return this._socket as Socket;
  }

  private async enter(auth: SMTPConnectionAuth | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.connect((error?: Error) => (error ? reject(error) : resolve()));
    });
    if (!auth) return;
    await new Promise<void>((resolve, reject) => {
      this.login(auth, (error) => (error ? reject(error) : resolve()));
    });
  }
}

interface SmtpError {
  responseCode?: number;
  response?: string;
  code?: string;
  command?: string;
}

function resultOf(error: SmtpError | null, stage: Stage): HandOver {
  if (!error) return stage === 'ended' ? { kind: 'accepted' } : { kind: 'lost', stage };
  const { responseCode, response, code, command } = error;
  if (responseCode !== undefined && responseCode >= 400) {
    // With PIPELINING the recipient left in the same segment; but there was no transaction for it to be one of.
    if (command === 'MAIL FROM' && responseCode < 500) return { kind: 'put-off', reply: responseCode };
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
