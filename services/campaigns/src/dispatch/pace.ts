/** The token bucket of a step. */
export interface Bucket {
  /** Intents that may be handed out and were not. */
  credit: number;
  /** When the credit was counted. */
  pacedAt: Date;
}

export interface Pace extends Bucket {
  /** How many intents to hand out now. */
  take: number;
  /** When to look again. */
  dueAt: Date;
}

/** Batches rather than single intents: a batch costs a transaction. Ten a second look smooth to a mail server. */
const STEP_MS = 100;
/** What is handed out at once after a stall: a second's worth, not all that was missed. */
const BURST_MS = 1_000;
/** Transactions that insert in bulk stay short. */
export const LARGEST_BATCH = 1_000;
/**
 * So many may wait at senders, or two seconds' worth: beyond that a pause would come too late for too many. Calls last
 * for minutes: a few more than there are lines wait for the next to be free.
 */
export const FEWEST_IN_FLIGHT = { email: 200, voice: 40 } as const;

export interface Limits {
  ratePerSecond: number;
  inFlight: bigint;
  at: Date;
  /** How many may be handed out at once. */
  most?: number;
  /** How many may wait at senders, however low the rate. */
  fewest?: number;
}

/**
 * How many intents a step hands out now: no more than its rate has made room for since the last time, and than may
 * wait at the senders, so that a pause bites and a slow sender is not buried.
 */
export function pace(
  { credit, pacedAt }: Bucket,
  { ratePerSecond, inFlight, at, most = LARGEST_BATCH, fewest = FEWEST_IN_FLIGHT.email }: Limits,
): Pace {
  // A clock set back makes no time go by twice, and none go by backwards.
  const elapsedMs = Math.max(0, at.getTime() - pacedAt.getTime());
  const burst = Math.max(1, (ratePerSecond * BURST_MS) / 1000);
  const available = Math.min(burst, credit + (elapsedMs * ratePerSecond) / 1000);
  const room = Math.max(fewest, 2 * ratePerSecond) - Number(inFlight);
  const take = Math.max(0, Math.min(Math.floor(available), room, most));
  const left = available - take;
  const untilNext = left >= 1 ? 0 : ((1 - left) * 1000) / ratePerSecond;
  return {
    take,
    credit: left,
    pacedAt: at,
    dueAt: new Date(at.getTime() + Math.max(STEP_MS, Math.ceil(untilNext))),
  };
}
