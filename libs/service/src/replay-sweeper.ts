import { type Frame } from './frame.js';

const HOUR_MS = 3_600_000;

/** Removes, every hour, answers whose repetition can no longer be asked for. */
export class ReplaySweeper {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly frame: Pick<Frame, 'replay' | 'uow' | 'clock' | 'log'>) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { replay, uow, clock, log } = this.frame;
    while (!signal.aborted) {
      await clock.wait(HOUR_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const rows = await replay.forgetExpired(uow, signal);
        if (rows > 0) log.info('expired answers removed', { rows });
      } catch (error) {
        log.error('expired answers not removed', { error });
      }
    }
  }
}
