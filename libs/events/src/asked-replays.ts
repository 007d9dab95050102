import { type Clock } from '@heed/kernel';
import { type UnitOfWork } from '@heed/postgres';
import { type Logger } from '@heed/telemetry';
import { askedReplays, forgetAsked } from './parking.store.js';
import { type Replay } from './replay-parked.js';

export interface AskedReplaysOptions {
  work: UnitOfWork;
  clock: Clock;
  log: Logger;
  replay(consumer: string, topic: string, key: string): Promise<Replay>;
  /** The groups of this service. */
  consumers(): string[];
}

/** A person waits, but nobody is harmed meanwhile: the key has stood still until now. */
const LOOK_MS = 1_000;

/** Tries parked keys again that an operator has marked (heed events replay). */
export class AskedReplays {
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private failing = false;

  constructor(private readonly options: AskedReplaysOptions) {}

  start(): void {
    if (this.running) return;
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.running = undefined;
  }

  /** Once. */
  async look(): Promise<void> {
    const { work, consumers, replay, log } = this.options;
    const asked = await work.runAcross('service', (tx) => askedReplays(tx, consumers()));
    for (const { consumer, topic, key, askedAt } of asked) {
      const { handled, refused, left } = await replay(consumer, topic, key);
      // The mark that was read, not one that came meanwhile: somebody may have mended something since.
      if (left > 0) {
        await work.runAcross('service', (tx) => forgetAsked(tx, consumer, topic, key, askedAt));
      }
      log.info('parked key replayed', { consumer, topic, count: handled, dropped: refused, lag: left });
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.options;
    while (!signal.aborted) {
      try {
        await this.look();
        this.failing = false;
      } catch (error) {
        // The mark stays. Said once: a database that is away is reported by everybody else too.
        if (!this.failing) log.warn('parked keys could not be replayed, will try again', { error });
        this.failing = true;
      }
      await clock.wait(LOOK_MS, signal).catch(() => undefined);
    }
  }
}
