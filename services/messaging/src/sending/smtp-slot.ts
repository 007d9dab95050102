import { type Clock } from '@heed/kernel';
import { GuardedConnection } from './guarded-connection.js';
import { type Envelope, type Guard, type HandOver, type Pieces } from './hand-over.js';
import { type SmtpSettings } from './smtp-settings.js';

/** Servers hang up on the idle, and tell late: a connection unused for this long is tried before it is relied on. */
const IDLE_MS = 5_000;

const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;

/**
 * One connection to the mail server, for one message at a time. A slot of our own and not nodemailer's pool: that one
 * queues what it is given and sends it again when a connection closes, long after any check (ATTACKS 2.8, 7.2).
 */
export class SmtpSlot {
  private connection: GuardedConnection | undefined;
  private usedAt = 0;
  /** How often in a row the server would not have this connection. */
  private turnedAway = 0;

  constructor(
    private readonly settings: SmtpSettings,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** Connected, greeted, signed in: only then is it worth asking for a permit. */
  async ready(): Promise<void> {
    if (this.connection && this.idle()) await this.renewed(this.connection);
    if (!this.connection || this.connection.destroyed) {
      try {
        this.connection = await GuardedConnection.open(this.settings);
      } catch (error) {
        this.turnedAway += 1;
        throw error;
      }
    }
    this.usedAt = this.clock.monotonicMs();
  }

  /**
   * For how long this connection is better not tried. A server that has enough of us turns away some and keeps others:
   * these go on, and as many messages are under way as it takes.
   */
  get restMs(): number {
    if (this.turnedAway === 0) return 0;
    return Math.min(FIRST_REST_MS * 2 ** Math.min(this.turnedAway - 1, 20), LONGEST_REST_MS);
  }

  /** Once for each `ready`. */
  async handOver(envelope: Envelope, message: Pieces, guard: Guard): Promise<HandOver> {
    const { connection } = this;
    if (!connection || connection.destroyed) return { kind: 'lost', stage: 'not-begun' };
    const result = await connection.carry(envelope, message, guard, this.settings.limits.handOverMs);
    this.usedAt = this.clock.monotonicMs();
    this.turnedAway = isTurnedAway(result) ? this.turnedAway + 1 : 0;
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

/** SPEC: RFC 5321, 3.8: 421 is said of the connection, whatever was asked. */
function isTurnedAway(result: HandOver): boolean {
  return result.kind === 'put-off' || (result.kind === 'refused' && result.reason === 'smtp_421');
}
