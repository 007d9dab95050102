import { streamKey, type Cursor, type Quarantine, type Stream } from '../bus.js';
import { type Range } from './broker-admin.js';

/** A partition that this member holds, and how far it is. */
export interface HeldPartition {
  readonly stream: Stream;
  /** The next offset that we expect to be given. */
  next: bigint;
  /** The cursor in the database; `next` lies before it while the witness is awaited. */
  cursor: bigint;
  /** The id that the record at `next` must bear. */
  witness?: string;
  /** The event before the cursor, where it is known. */
  last?: string;
  /** What the group had told Kafka before: records below it were handled once, whatever the database says. */
  told: bigint;
  /** The end of the log when it was last heard of. */
  high: bigint;
}

export interface Assessment {
  partition?: HeldPartition;
  quarantine?: Quarantine;
  /** The record before the cursor has gone with the retention: nothing to compare with. */
  witnessGone: boolean;
  /** The group had told Kafka of a later place: its database has been restored, and nobody has seen to it. */
  wentBack?: boolean;
}

/**
 * Whether a log is still the one that we left. Offsets alone cannot tell: a topic that was made anew, or lost its tail
 * in an unclean election, soon has offsets beyond the cursor again. Hence the range first (kafkajs would answer an
 * offset out of it by a silent reset), then the witness: the last record that we handled must still be there.
 */
export function assess(
  stream: Stream,
  cursor: Cursor,
  range: Range,
  told: bigint | undefined,
  acting: boolean,
): Assessment {
  const quarantine = (reason: Quarantine['reason']): Assessment => ({
    quarantine: { reason, stream, position: cursor.position },
    witnessGone: false,
  });
  if (!/^\d+$/.test(cursor.position)) return quarantine('CURSOR_MALFORMED');
  const next = BigInt(cursor.position);
  if (next > range.high) return quarantine('TOPIC_ENDS_BEFORE_CURSOR');
  if (next < range.low) return quarantine('TOPIC_BEGINS_AFTER_CURSOR');
  // The database went back. Who only keeps state takes it all in again; who acts would act twice.
  const { replayEnd } = cursor;
  // What a resync knows of it is no news.
  const known = replayEnd === undefined ? 0n : BigInt(replayEnd.position);
  const wentBack = told !== undefined && told > next && told > known;
  if (acting && wentBack) return quarantine('CURSOR_RESTORED');
  const { witness } = cursor;
  const seen = witness !== undefined && witness.offset >= range.low && witness.offset < next;
  return {
    partition: {
      stream,
      cursor: next,
      next: seen ? witness.offset : next,
      ...(seen ? { witness: witness.eventId, last: witness.eventId } : {}),
      told: later(told ?? 0n, cursor.replayEnd),
      high: range.high,
    },
    wentBack,
    witnessGone: witness !== undefined && !seen,
  };
}

/** What had been carried out by the time of a resync counts as handled, told or not: nobody acts on it again. */
function later(told: bigint, end: Cursor['replayEnd']): bigint {
  const until = end === undefined ? 0n : BigInt(end.position);
  return until > told ? until : told;
}

/** The partitions of the present assignment. */
export class HeldPartitions {
  private held = new Map<string, HeldPartition>();

  replace(partitions: readonly HeldPartition[]): void {
    for (const partition of partitions) this.held.set(streamKey(partition.stream), partition);
  }

  clear(): void {
    this.held.clear();
  }

  get(stream: Stream): HeldPartition | undefined {
    return this.held.get(streamKey(stream));
  }

  all(): HeldPartition[] {
    return [...this.held.values()];
  }

  /** All that was assigned has been read to its end, as far as that is known. */
  caughtUp(): boolean {
    return this.held.size > 0 && this.all().every(({ cursor, high }) => cursor >= high);
  }

  lag(): number {
    return this.all().reduce((sum, { high, next }) => sum + Number(high > next ? high - next : 0n), 0);
  }
}
