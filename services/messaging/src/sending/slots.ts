import { isDomainError } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { type SmtpSlot } from './smtp-slot.js';

const log = logger({ component: 'slots' });

/** The connections of this process to the mail server. As many messages leave at once, and no more are asked for. */
export class Slots {
  private readonly free: SmtpSlot[];
  private freed: () => void = () => undefined;

  constructor(private readonly all: readonly SmtpSlot[]) {
    this.free = [...all];
  }

  get count(): number {
    return this.all.length;
  }

  get freeCount(): number {
    return this.free.length;
  }

  onFreed(listener: () => void): void {
    this.freed = listener;
  }

  /** Up to so many. Each is given back by whoever has it. */
  take(most: number): SmtpSlot[] {
    return this.free.splice(-most, most);
  }

  giveBack(slot: SmtpSlot): void {
    this.free.push(slot);
    this.freed();
  }

  /** Those that are connected, greeted and signed in; the others are given back. */
  async readied(taken: readonly SmtpSlot[]): Promise<SmtpSlot[]> {
    const outcomes = await Promise.allSettled(taken.map((slot) => slot.ready()));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) {
      const reason = isDomainError(failure.reason) ? failure.reason.reason : 'MAIL_SERVER_UNAVAILABLE';
      log.warn('the mail server takes no connection', { reason });
    }
    return taken.filter((slot, index) => {
      if (outcomes[index]!.status === 'fulfilled') return true;
      this.giveBack(slot);
      return false;
    });
  }

  close(): void {
    for (const slot of this.all) slot.close();
  }
}
