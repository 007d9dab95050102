import { type Socket } from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Pieces } from './hand-over.js';

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
 * What surely fits into a socket's empty buffer (16 KiB where the kernel is least generous): such a message leaves in one
 * write with its end. 354 has been read by then, so nothing that was written before it waits.
 */
const AT_ONCE_BYTES = 12 * 1024;

/**
 * So much is written before it is waited for: what a slot holds of attachments in buffers, encrypted or not, and for how
 * long it keeps the others from their turn, does not grow with them.
 */
const PART_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * A message whose end waits. nodemailer writes the final dot when its source ends; given a string or Buffer it does so
 * at once. This source ends only after a last check, which stands behind the flush of all that came before: a dot that
 * waited in a full buffer would otherwise leave long after the check (ATTACKS 2.6). A small message needs no flush of its
 * own: the last check stands before all of it.
 */
export class GuardedBody extends Readable {
  /** The server asked for it, and it is under way. */
  isCarried = false;

  constructor(
    private readonly message: Pieces,
    private readonly socket: Socket,
    private readonly end: BodyEnd,
  ) {
    super();
  }

  override _read(): void {
    // Nothing is read from it: it writes where it is piped to, so that it sees when that has been flushed.
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.isCarried = true;
    this.carry(destination as unknown as Duplex).catch((error: Error) => this.destroy(error));
    return destination;
  }

  private async carry(stream: Duplex): Promise<void> {
    const [first = NOTHING, ...rest] = this.message;
    if (rest.length === 0 && first.length <= AT_ONCE_BYTES && this.socket.writableLength === 0) {
      return this.finish(stream, first);
    }
    for (const part of partsOf(this.message)) {
      if (this.destroyed || this.socket.destroyed) return;
      stream.write(part);
      // The pipe carries it on in the next turn. Most messages fit into the kernel's buffer, and have left by then.
      await nextTurn();
      while (!this.socket.destroyed && unflushed(stream, this.socket)) await flushed(this.socket);
    }
    await this.finish(stream);
  }

  private async finish(stream: Duplex, whole?: Buffer): Promise<void> {
    await this.end.before();
    if (this.destroyed || this.socket.destroyed) return;
    if (!this.end.may()) return this.end.refused();
    this.socket.cork();
    stream.once('end', () => {
      this.socket.uncork();
      onceWritten(this.socket, () => this.end.written());
    });
    stream.end(whole);
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

function* partsOf(message: Pieces): Generator<Buffer> {
  for (const piece of message) {
    for (let at = 0; at < piece.length; at += PART_BYTES) yield piece.subarray(at, at + PART_BYTES);
  }
}

function unflushed(stream: Duplex, socket: Socket): boolean {
  return stream.writableLength > 0 || stream.readableLength > 0 || socket.writableLength > 0;
}
