import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { SenderStore } from './sender.store.js';

/** How often a sender shows that it lives. It is taken for dead after five of these. */
export const BEAT_MS = 2_000;

const log = logger({ component: 'sender' });

/** The name under which this process has attempts in hand. A name that was found silent is never used again. */
@Injectable()
export class Incarnation {
  private current = newId();
  private stopping = new AbortController();
  private beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly senders: SenderStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  get senderId(): string {
    return this.current;
  }

  async begin(): Promise<void> {
    await this.uow.runAcross('service', (tx) => this.senders.begin(tx, this.current, this.clock.now()));
    this.beating = this.beat();
  }

  /** Stops the heartbeat; with nothing in hand nobody needs to look after this name again. */
  async end(emptyHanded: boolean): Promise<void> {
    this.stopping.abort();
    await this.beating;
    if (!emptyHanded) return;
    await this.uow.runAcross('service', (tx) => this.senders.end(tx, this.current, this.clock.now()));
  }

  private async beat(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await this.clock.wait(BEAT_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.uow.runAcross('service', (tx) => this.beatOnce(tx));
      } catch (error) {
        log.warn('a heartbeat could not be written', { error });
      }
    }
  }

  private async beatOnce(tx: Parameters<SenderStore['beat']>[0]): Promise<void> {
    const at = this.clock.now();
    if (await this.senders.beat(tx, this.current, at)) return;
    // This process was stopped for too long, and others have concluded what it had in hand.
    const next = newId();
    await this.senders.begin(tx, next, at);
    tx.afterCommit(() => {
      this.current = next;
      log.error('this sender was found silent and begins anew');
    });
  }
}
