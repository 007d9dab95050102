/** The token bucket of a campaign. */
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
const LARGEST_BATCH = 1_000;
/** So many may wait at senders, or two seconds' worth: beyond that a pause would come too late for too many. */
const FEWEST_IN_FLIGHT = 200;

/**
 * How many intents a campaign hands out now: no more than its rate has made room for since the last time, and than may
 * wait at the senders, so that a pause bites and a slow sender is not buried.
 */
export function pace(
  { credit, pacedAt }: Bucket,
  { ratePerSecond, inFlight, at }: { ratePerSecond: number; inFlight: bigint; at: Date },
): Pace {
  // A clock set back makes no time go by twice, and none go by backwards.
  const elapsedMs = Math.max(0, at.getTime() - pacedAt.getTime());
  const burst = Math.max(1, (ratePerSecond * BURST_MS) / 1000);
  const available = Math.min(burst, credit + (elapsedMs * ratePerSecond) / 1000);
  const room = Math.max(FEWEST_IN_FLIGHT, 2 * ratePerSecond) - Number(inFlight);
  const take = Math.max(0, Math.min(Math.floor(available), room, LARGEST_BATCH));
  const left = available - take;
  const untilNext = left >= 1 ? 0 : ((1 - left) * 1000) / ratePerSecond;
  return {
    take,
    credit: left,
    pacedAt: at,
    dueAt: new Date(at.getTime() + Math.max(STEP_MS, Math.ceil(untilNext))),
  };
}
