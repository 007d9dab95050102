import { type Socket } from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface BodyEnd {
  /** Waited for once the message has left but for its end. */
  before(): Promise<void>;
  /** Asked with nothing between the answer and the end. */
  may(): boolean;
  refused(): void;
  /** The final dot has left this process. */
  written(): void;
}

/**
 * A message whose end waits. nodemailer writes the final dot when its source ends; given a string or Buffer it does so
 * at once. This source ends only after a last check, which stands behind the flush of all that came before: a dot that
 * waited in a full buffer would otherwise leave long after the check (ATTACKS 2.6).
 */
export class GuardedBody extends Readable {
  constructor(
    private readonly message: Buffer,
    private readonly socket: Socket,
    private readonly end: BodyEnd,
  ) {
    super();
  }

  override _read(): void {
    // Nothing is read from it: it writes where it is piped to, so that it sees when that has been flushed.
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.carry(destination as unknown as Duplex).catch((error: Error) => this.destroy(error));
    return destination;
  }

  private async carry(stream: Duplex): Promise<void> {
    stream.write(this.message);
    // The pipe carries it on in the next turn. Most messages fit into the kernel's buffer, and have left by then.
    await nextTurn();
    while (!this.socket.destroyed && unflushed(stream, this.socket)) await flushed(this.socket);
    await this.end.before();
    if (this.destroyed || this.socket.destroyed) return;
    if (!this.end.may()) return this.end.refused();
    stream.once('end', () => onceWritten(this.socket, () => this.end.written()));
    stream.end();
  }
}

/**
 * Calls back once what was written in this turn has left the process. Node writes at once where it can: then this is
 * right behind the write, and does not wait for the event loop, whose delay would be taken for the write's.
 */
export function onceWritten(socket: Socket, written: () => void): void {
  process.nextTick(() => {
    if (socket.writableLength === 0) written();
    else void flushed(socket).then(written);
  });
}

/** Resolves once all that was written so far has left the process, or never will. */
export function flushed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.write('', () => resolve()));
}

function unflushed(stream: Duplex, socket: Socket): boolean {
  return stream.writableLength > 0 || stream.readableLength > 0 || socket.writableLength > 0;
}
