import { Inject, Injectable } from '@nestjs/common';
import { Bell, CLOCK, type Clock } from '@heed/kernel';

/** Tells those in this process who watch a campaign that it has changed; elsewhere they poll. Lossless is the row. */
@Injectable()
export class CampaignChanges {
  private readonly bells = new Map<string, Set<Bell>>();

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  ring(campaignIds: readonly string[]): void {
    for (const id of campaignIds) this.bells.get(id)?.forEach((bell) => bell.ring());
  }

  /** A bell that rings whenever the campaign changes, and the way to give it back. */
  listen(campaignId: string): { bell: Bell; release: () => void } {
    const bell = new Bell(this.clock);
    const listeners = this.bells.get(campaignId) ?? new Set();
    this.bells.set(campaignId, listeners.add(bell));
    const release = (): void => {
      listeners.delete(bell);
      if (listeners.size === 0 && this.bells.get(campaignId) === listeners) this.bells.delete(campaignId);
    };
    return { bell, release };
  }
}
