import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { tendDays } from './permit.store.js';

const HOUR_MS = 3_600_000;

/** Keeps the permits' partitions: made days ahead, since without one no permit can be written; dropped after 35 days. */
@Injectable()
export class PermitDays implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Resolves when today's partition is there. */
  async start(): Promise<void> {
    await this.tend();
    this.running ??= this.hourly(this.stopping.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async hourly(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.clock.wait(HOUR_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.tend().catch((error: unknown) =>
        this.log.error('partitions of permits not tended', { error }),
      );
    }
  }

  private tend(): Promise<void> {
    return this.uow.runAcross('service', (tx) => tendDays(tx, this.clock.now()));
  }
}
