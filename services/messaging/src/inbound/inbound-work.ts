import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DueWork, type DueHandler } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';

const QUEUE = 'inbound-mail';

/**
 * Mails that were taken in and are still to be handled, until each is. A DueWork of its own, so that contacts being away
 * keeps no order of erasure waiting for a hand.
 */
@Injectable()
export class InboundWork implements OnModuleDestroy {
  readonly due: DueWork;

  constructor(uow: UnitOfWork, @Inject(CLOCK) clock: Clock, @Inject(LOGGER) log: Logger) {
    this.due = new DueWork({ work: uow, clock, log, parallel: 4 });
  }

  serve(handler: DueHandler): void {
    this.due.serve(QUEUE, handler);
  }

  start(): void {
    this.due.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.due.stop();
  }

  async add(tx: Tx, mailId: string): Promise<void> {
    await this.due.add(tx, QUEUE, [mailId]);
  }
}
