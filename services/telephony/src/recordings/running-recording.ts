import { type Clock } from '@heed/kernel';
import { type AudioKeeper } from '../carrier/carrier.js';
import { LARGEST_RECORDING } from './recording.js';

/** What becomes of a piece. */
export interface PieceWriter {
  /** Before the first piece. False: it may not be kept. */
  announce(): Promise<boolean>;
  /** Sealed. False: its person is being erased. */
  put(index: number, samples: Buffer): Promise<boolean>;
}

/** Some 5 seconds: as much as a crash can take. */
const PIECE = 80_000;
const TRIES = 30;
const PAUSE_MS = 1_000;
/** So much waits for a store that does not answer; beyond it the recording is lost, not the service's memory. */
const MOST_WAITING = 2 * 1024 * 1024;

/** A recording while people speak: in pieces, each sealed and kept while the next one is being said. */
export class RunningRecording implements AudioKeeper {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private bytes = 0;
  private waiting = 0;
  private index = 0;
  private isLost = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly writer: PieceWriter,
    private readonly clock: Clock,
  ) {}

  write(samples: Buffer): void {
    // The file's head belongs to it too.
    if (this.isLost || this.bytes + samples.length > LARGEST_RECORDING - 1_024) return;
    this.pending.push(samples);
    this.pendingBytes += samples.length;
    this.bytes += samples.length;
    if (this.pendingBytes >= PIECE) this.cut();
  }

  async end(): Promise<boolean> {
    if (this.pendingBytes > 0) this.cut();
    await this.writing;
    return this.index > 0 && !this.isLost;
  }

  private cut(): void {
    const piece = Buffer.concat(this.pending);
    const index = this.index++;
    this.pending = [];
    this.pendingBytes = 0;
    this.waiting += piece.length;
    if (this.waiting > MOST_WAITING) this.isLost = true;
    this.writing = this.writing.then(() => this.keep(index, piece));
  }

  private async keep(index: number, piece: Buffer): Promise<void> {
    for (let tries = 1; !this.isLost; tries += 1) {
      try {
        const isKept = (index > 0 || (await this.writer.announce())) && (await this.writer.put(index, piece));
        if (!isKept) this.isLost = true;
        break;
      } catch {
        if (tries === TRIES) this.isLost = true;
        else await this.clock.wait(PAUSE_MS);
      }
    }
    this.waiting -= piece.length;
  }
}
