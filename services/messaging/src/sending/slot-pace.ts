import { Injectable } from '@nestjs/common';

/** A message that waits for another's turn has most of its permit's second left when its own comes. */
const WITHIN_MS = 200;
/**
 * More would spare little more of what a batch costs by itself; and what is armed when a process is killed is `unknown`,
 * be it the one that was under way or one that waited for its turn.
 */
const MOST_TURNS = 3;
const WEIGHT = 0.05;

/** How long a connection takes for a message, and so how many may follow one another over it under one question. */
@Injectable()
export class SlotPace {
  private averageMs: number | undefined;

  /** At least one. One until it is known how fast the mail server is. */
  get turns(): number {
    if (this.averageMs === undefined) return 1;
    return Math.max(1, Math.min(MOST_TURNS, Math.floor(WITHIN_MS / Math.max(this.averageMs, 1))));
  }

  took(ms: number): void {
    // At once where it became slower: the next question asks for less.
    this.averageMs =
      this.averageMs === undefined || ms > this.averageMs * 4
        ? ms
        : this.averageMs + (ms - this.averageMs) * WEIGHT;
  }
}
