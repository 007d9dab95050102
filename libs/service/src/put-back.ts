import { enterQuarantine, readQuarantine } from '@heed/events';
import { type Frame } from './frame.js';

/**
 * What happens when a service that serves learns that its database was put back under it: it says so in that database,
 * falls silent, and asks to be started anew, into quarantine. Timers and handlers of what runs cannot be trusted to stop.
 */
export class PutBack {
  private frame: Frame | undefined;
  private told = false;

  constructor(private readonly startAnew: (() => void) | undefined) {}

  watch(frame: Frame): void {
    this.frame = frame;
  }

  tell(reason: string): void {
    if (this.told || this.frame === undefined) return;
    this.told = true;
    const { log } = this.frame;
    this.enter(this.frame, reason).catch((error: unknown) => {
      this.told = false;
      log.error('quarantine not entered', { reason, error });
    });
  }

  private async enter({ uow, clock, log, health }: Frame, reason: string): Promise<void> {
    // While it catches up its consumers begin before where they had been, and that is known.
    if (await uow.runAcross('service', (tx) => readQuarantine(tx))) return;
    health.silence(reason);
    health.set(false);
    await uow.runAcross('service', (tx) => enterQuarantine(tx, reason, clock.now()));
    log.error('this database was put back: silent from now on', { reason });
    this.startAnew?.();
  }
}
