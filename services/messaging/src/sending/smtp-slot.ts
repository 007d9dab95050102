import { type Clock } from '@heed/kernel';
import { GuardedConnection } from './guarded-connection.js';
import { type Envelope, type Guard, type HandOver } from './hand-over.js';
import { type SmtpSettings } from './smtp-settings.js';

/** Servers hang up on the idle, and tell late: a connection unused for this long is tried before it is relied on. */
const IDLE_MS = 5_000;

/**
 * One connection to the mail server, for one message at a time. A slot of our own and not nodemailer's pool: that one
 * queues what it is given and sends it again when a connection closes, long after any check (ATTACKS 2.8, 7.2).
 */
export class SmtpSlot {
  private connection: GuardedConnection | undefined;
  private usedAt = 0;

  constructor(
    private readonly settings: SmtpSettings,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Connected, greeted, signed in: only then is it worth asking for a permit. */
  async ready(): Promise<void> {
    if (this.connection && this.idle()) await this.renewed(this.connection);
    if (!this.connection || this.connection.destroyed) {
      this.connection = await GuardedConnection.open(this.settings);
    }
    this.usedAt = this.clock.monotonicMs();
  }

  /** Once for each `ready`. */
  async handOver(envelope: Envelope, message: Buffer, guard: Guard): Promise<HandOver> {
    const { connection } = this;
    if (!connection || connection.destroyed) return { kind: 'lost', stage: 'not-begun' };
    const result = await connection.carry(envelope, message, guard, this.settings.limits.handOverMs);
    this.usedAt = this.clock.monotonicMs();
    // Who knows which question its next answer belongs to.
    if (result.kind === 'lost') this.close();
    // SPEC: RFC 5321, 4.1.4: a refused recipient leaves the transaction open, and MAIL would be refused in it.
    else if (result.kind !== 'accepted' && !connection.destroyed) await this.renewed(connection);
    return result;
  }

  private async renewed(connection: GuardedConnection): Promise<void> {
    await connection.renew(this.settings.limits.setUpMs).catch(() => this.close());
  }

  close(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private idle(): boolean {
    return this.clock.monotonicMs() - this.usedAt > IDLE_MS;
  }
}
