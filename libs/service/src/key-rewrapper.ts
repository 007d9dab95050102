import { type Clock } from '@heed/kernel';
import { type RewrapKeys } from '@heed/sealing';
import { type Logger } from '@heed/telemetry';

/** Between two batches: those who seal and open take turns with it. */
const PAUSE_MS = 20;
const AGAIN_AFTER_MS = 30_000;

/** After each start, until no key is left that an older master key wraps. It is in nobody's way, and nothing waits for it. */
export class KeyRewrapper {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(private readonly parts: { rewrap: RewrapKeys; clock: Clock; log: Logger }) {}

  start(): void {
    this.loop ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { clock, log, rewrap } = this.parts;
    const { signal } = this.stopping;
    const pause = (ms: number): Promise<void> => clock.wait(ms, signal).catch(() => undefined);
    let moved = 0;
    while (!signal.aborted) {
      try {
        const done = await rewrap.batch();
        if (done === 0) break;
        moved += done;
        await pause(PAUSE_MS);
      } catch (error) {
        log.warn('keys not put under the present master key; tried again', { error });
        await pause(AGAIN_AFTER_MS);
      }
    }
    if (moved > 0) log.info('keys put under the present master key', { count: moved });
  }
}
