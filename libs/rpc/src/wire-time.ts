import { systemClock } from '@heed/kernel';

// The wire carries what is left of a deadline. grpc-js turns it into an instant of the system's clock and back, so these
// two follow that clock, whatever clock the program runs by.

/** The instant to give to grpc-js for a deadline in `ms`. */
export function deadlineIn(ms: number): number {
  return systemClock.now().getTime() + ms;
}

/** What is left of a deadline of grpc-js; undefined where there is none. */
export function remainingUntil(deadline: Date | number): number | undefined {
  const at = Number(deadline);
  return Number.isFinite(at) ? Math.max(0, at - systemClock.now().getTime()) : undefined;
}
