import { type Headers } from './cloud-events.js';
import { type OutboxRow } from './outbox-row.js';

/** A part of a log that a group reads in order: a partition of a topic, or another service's outbox. */
export interface Stream {
  topic: string;
  partition: number;
}

/** Where a record stood, as handlers and operators see it. */
export interface Origin {
  topic: string;
  partition: number;
  offset: string;
}

/** A record as a driver read it. Positions are the driver's own text; nobody else reads them. */
export interface Delivery {
  /** Whose cursor it moves. */
  stream: Stream;
  /** Where the cursor stands before it, and after it. */
  from: string;
  to: string;
  origin: Origin;
  key: string;
  headers: Headers;
  payload: Buffer;
  /** The group had come beyond this record before its database went back. */
  replayed: boolean;
}

/** What a driver keeps of a group in each stream, and what it compares before it goes on. */
export interface Cursor {
  position: string;
  witness?: { eventId: string; offset: bigint };
  /** What lies below was carried out before a restore (heed.replay_end): who acts does nothing about it. */
  replayEnd?: { position: string; at: Date };
}

/** Told after each commit: where the cursor of a stream is now, and the event before it. */
export type Progress = (stream: Stream, position: string, eventId: string | null) => void;

/** What becomes of deliveries: the inbox. All of a call that succeeds is committed. */
export interface Sink {
  readonly consumer: string;
  readonly topics: readonly string[];
  readonly acting: boolean;
  /** A group that is new begins with what was told since then; at the log's beginning without. */
  readonly from?: Date;
  /** The group had come further once than its database knows: that has been restored. */
  wentBack(stream: Stream): void;
  /** The cursors of these streams; those not known yet are begun where `beginning` says. */
  cursors(streams: readonly { stream: Stream; beginning: string }[]): Promise<Map<string, Cursor>>;
  /** Takes in what is given, in its order within each stream, and tells of each commit how far it is. */
  take(deliveries: readonly Delivery[], progress: Progress, signal?: AbortSignal): Promise<void>;
  /** The log is not the one that the group left: said once, to whoever watches over the service. */
  quarantined(found: Quarantine): void;
  /** Moves a cursor past records that are none of this group's. */
  pass(stream: Stream, from: string, to: string): Promise<void>;
}

/** Thrown by a sink whose cursor is not where the deliveries begin: another member was faster, or it was moved. */
export const CURSOR_MOVED = 'CURSOR_MOVED';

export function streamKey({ topic, partition }: Stream): string {
  return `${topic}/${partition}`;
}

/** Why a group no longer reads: what it would read is not what it left. A person decides. */
export interface Quarantine {
  reason:
    | 'TOPIC_ENDS_BEFORE_CURSOR'
    | 'TOPIC_BEGINS_AFTER_CURSOR'
    | 'TOPIC_IS_ANOTHER'
    | 'CURSOR_RESTORED'
    | 'CURSOR_MALFORMED';
  stream: Stream;
  position: string;
}

export interface GroupState {
  consumer: string;
  state: 'starting' | 'running' | 'retrying' | 'quarantined' | 'stopped';
  quarantine?: Quarantine;
  /** Records known to lie beyond the cursors, where the driver can tell. */
  lag: number;
  /** Nothing lay beyond the cursors when the driver last looked. */
  caughtUp: boolean;
}

/** A group of one service, reading. */
export interface Subscription {
  start(): void;
  /** Finishes what is in hand and leaves. */
  stop(): Promise<void>;
  state(): GroupState;
}

/** A notice that an event was parked: where it lies and why, never what is in it. */
export interface DeadLetter {
  consumer: string;
  origin: Origin;
  key: string;
  eventId?: string;
  eventType?: string;
  tenantId?: string;
  reason: string;
  sqlstate?: string;
}

/** How events travel. Two drivers, one conformance suite (libs/testing, bus-conformance). */
export interface BusDriver {
  readonly kind: 'kafka' | 'embedded';
  /** Where the relay sends; absent where consumers read the outbox themselves. */
  readonly publisher?: Publisher;
  /** Told after commits that added events. */
  committed(): void;
  subscribe(sink: Sink): Subscription;
  /** Up to where a group's streams were, or may have been, carried out by now. */
  ends(
    sink: Pick<Sink, 'consumer' | 'topics'>,
  ): Promise<{ topic: string; partition: number; position: string }[]>;
  /** Best effort: the parked row is the record, this is the announcement. */
  announce(letters: readonly DeadLetter[]): Promise<void>;
  close(): Promise<void>;
}

export interface Publisher {
  /** Resolves once all replicas in sync have the rows, in their order within each partition. */
  publish(rows: readonly OutboxRow[]): Promise<void>;
}
