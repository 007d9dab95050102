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
  if (acting && told !== undefined && told > next) return quarantine('CURSOR_RESTORED');
  const { witness } = cursor;
  const seen = witness !== undefined && witness.offset >= range.low && witness.offset < next;
  return {
    partition: {
      stream,
      cursor: next,
      next: seen ? witness.offset : next,
      ...(seen ? { witness: witness.eventId, last: witness.eventId } : {}),
      told: told ?? 0n,
      high: range.high,
    },
    witnessGone: witness !== undefined && !seen,
  };
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

  lag(): number {
    return this.all().reduce((sum, { high, next }) => sum + Number(high > next ? high - next : 0n), 0);
  }
}
