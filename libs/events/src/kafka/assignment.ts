import { type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type Batch, type KafkaMessage } from 'kafkajs';
import { backoffMs } from '../backoff.js';
import { streamKey, type Delivery, type Progress, type Quarantine, type Sink, type Stream } from '../bus.js';
import { knownHeaders, knownKey, PREVIOUS } from '../cloud-events.js';
import { type BrokerAdmin } from './broker-admin.js';
import { assess, HeldPartitions, type HeldPartition } from './held-partitions.js';

export interface AssignmentOptions {
  sink: Sink;
  admin: BrokerAdmin;
  groupId: string;
  prefix: string;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  seek(stream: Stream, offset: bigint): void;
  quarantine(found: Quarantine): void;
}

/** A batch that has arrived before its partition was checked waits this long; then Kafka is asked for it again. */
const PATIENCE_MS = 500;

/**
 * What this member was given to read, and how far it is in it by its own database. Every assignment, and every batch
 * that does not begin where we are, is compared with the database and the log before anything is handled; kafkajs'
 * own idea of an offset (what it told Kafka, what it resets to) never decides.
 */
export class Assignment {
  private readonly held = new HeldPartitions();
  private checking: Promise<void> = Promise.resolve();
  private generation = 0;
  private refusing = false;
  /** By partition: the record that names nothing we know, and for which the witness before it was looked at. */
  private readonly lookedBefore = new Map<string, string>();

  constructor(private readonly options: AssignmentOptions) {}

  /** A new assignment: nothing is held until it has been checked. */
  begin(streams: readonly Stream[]): void {
    this.generation += 1;
    this.held.clear();
    this.lookedBefore.clear();
    void this.recheck(streams);
  }

  recheck(streams: readonly Stream[]): Promise<void> {
    const generation = this.generation;
    this.checking = this.checking.then(() => this.check(streams, generation));
    return this.checking;
  }

  /** What of the batch is to be handled; nothing when it is not ours to handle, or not yet. */
  async accept(batch: Batch): Promise<{ partition: HeldPartition; deliveries: Delivery[] } | undefined> {
    await this.checkedSoon();
    const stream = { topic: batch.topic.slice(this.options.prefix.length), partition: batch.partition };
    const partition = this.held.get(stream);
    if (partition === undefined || this.refusing) return undefined;
    partition.high = BigInt(batch.highWatermark);
    const end = BigInt(batch.lastOffset()) + 1n;
    if (BigInt(batch.firstOffset() ?? end) > partition.next || end <= partition.next) {
      await this.recheck([stream]);
      return undefined;
    }
    if (partition.witness !== undefined) {
      if (!this.recognise(partition, batch.messages)) return undefined;
    } else if (!this.follows(partition, batch.messages)) {
      await this.recheck([stream]);
      return undefined;
    }
    return { partition, deliveries: deliveriesOf(partition, batch.messages, end) };
  }

  /** The cursor in the database is there now. */
  readonly moved: Progress = (stream, position, eventId) => {
    const partition = this.held.get(stream);
    if (partition === undefined) return;
    partition.cursor = partition.next = BigInt(position);
    if (eventId === null) delete partition.last;
    else partition.last = eventId;
  };

  partitions(): HeldPartition[] {
    return this.held.all();
  }

  lag(): number {
    return this.held.lag();
  }

  caughtUp(): boolean {
    return this.held.caughtUp();
  }

  /** Whether the database still says what we think: it may have been restored, or failed over, under an idle group. */
  async compare(): Promise<void> {
    const idle = this.held.all().filter(({ witness }) => witness === undefined);
    if (idle.length === 0) return;
    const before = idle.map(({ cursor }) => cursor);
    const found = await this.options.sink.cursors(
      idle.map(({ stream, cursor }) => ({ stream, beginning: String(cursor) })),
    );
    const odd = idle.filter((partition, index) => {
      // Whatever moved while we asked is alive and needs no look.
      if (partition.cursor !== before[index]) return false;
      return found.get(streamKey(partition.stream))?.position !== String(partition.cursor);
    });
    if (odd.length > 0) await this.recheck(odd.map(({ stream }) => stream));
  }

  private recognise(partition: HeldPartition, messages: readonly KafkaMessage[]): boolean {
    const last = messages.find(({ offset }) => BigInt(offset) === partition.next);
    if (last === undefined || knownHeaders(last.headers)['ce_id'] !== partition.witness) {
      this.quarantine({
        reason: 'TOPIC_IS_ANOTHER',
        stream: partition.stream,
        position: String(partition.cursor),
      });
      return false;
    }
    delete partition.witness;
    partition.next = partition.cursor;
    return true;
  }

  /**
   * Whether the batch goes on from the record that we know. A relay that has just begun cannot say what was before, and
   * one that was replaced says something else: then the witness is looked at, which is the proof, for this very record.
   * Another one in its place comes from a topic that was made anew since.
   */
  private follows({ stream, cursor, last }: HeldPartition, messages: readonly KafkaMessage[]): boolean {
    const first = messages.find(({ offset }) => BigInt(offset) >= cursor);
    if (last === undefined || first === undefined) return true;
    const previous = first.headers?.[PREVIOUS];
    if (previous !== undefined && String(previous) === last) return true;
    const record = `${first.offset} ${knownHeaders(first.headers)['ce_id']}`;
    if (this.lookedBefore.get(streamKey(stream)) === record) return true;
    this.lookedBefore.set(streamKey(stream), record);
    return false;
  }

  /** From here on nothing is accepted, of no partition: what happened to one has happened to its topic. */
  private quarantine(found: Quarantine): void {
    this.refusing = true;
    this.options.quarantine(found);
  }

  private async checkedSoon(): Promise<void> {
    const enough = new AbortController();
    await Promise.race([
      this.checking,
      this.options.clock.wait(PATIENCE_MS, enough.signal).catch(() => undefined),
    ]);
    enough.abort();
  }

  private async check(streams: readonly Stream[], generation: number): Promise<void> {
    const { clock, log, signal, sink } = this.options;
    for (let failures = 1; !signal.aborted && generation === this.generation; failures += 1) {
      try {
        await this.checkOnce(streams, generation);
        return;
      } catch (error) {
        log.warn('assignment not checked, will try again', { consumer: sink.consumer, error });
        await clock.wait(backoffMs(failures), signal).catch(() => undefined);
      }
    }
  }

  private async checkOnce(streams: readonly Stream[], generation: number): Promise<void> {
    const { admin, sink, groupId, prefix, log } = this.options;
    const topics = [...new Set(streams.map(({ topic }) => prefix + topic))];
    if (topics.length === 0) return;
    const ranges = await admin.ranges(topics);
    const told = await admin.committed(groupId, topics);
    const rangeOf = ({ topic, partition }: Stream) =>
      ranges.get(prefix + topic)?.get(partition) ?? { low: 0n, high: 0n };
    const begins = sink.from && (await admin.offsetsAt(topics, sink.from));
    const beginningOf = ({ topic, partition }: Stream) => begins?.get(prefix + topic)?.get(partition);
    const cursors = await sink.cursors(
      streams.map((stream) => ({ stream, beginning: String(beginningOf(stream) ?? rangeOf(stream).low) })),
    );
    if (generation !== this.generation) return;
    const held: HeldPartition[] = [];
    for (const stream of streams) {
      const cursor = cursors.get(streamKey(stream)) ?? { position: '' };
      const before = told.get(prefix + stream.topic)?.get(stream.partition);
      const { partition, quarantine, witnessGone, wentBack } = assess(
        stream,
        cursor,
        rangeOf(stream),
        before,
        sink.acting,
      );
      if (quarantine !== undefined) {
        this.quarantine(quarantine);
        return;
      }
      if (wentBack) sink.wentBack(stream);
      if (partition === undefined) continue;
      if (witnessGone)
        log.info('witness is gone with the retention', { consumer: sink.consumer, topic: stream.topic });
      held.push(partition);
    }
    this.held.replace(held);
    for (const { stream, next } of held) this.options.seek(stream, next);
  }
}

/** Each record moves the cursor from where the one before it ended; the last to where the batch ends. */
function deliveriesOf(
  { stream, cursor, told }: HeldPartition,
  messages: readonly KafkaMessage[],
  end: bigint,
): Delivery[] {
  const fresh = messages.filter(({ offset }) => BigInt(offset) >= cursor);
  let from = cursor;
  return fresh.map((message, index) => {
    const offset = BigInt(message.offset);
    const to = index === fresh.length - 1 ? end : offset + 1n;
    const delivery: Delivery = {
      stream,
      from: String(from),
      to: String(to),
      origin: { topic: stream.topic, partition: stream.partition, offset: message.offset },
      key: knownKey(message.key),
      headers: knownHeaders(message.headers),
      payload: message.value ?? Buffer.alloc(0),
      replayed: offset < told,
    };
    from = to;
    return delivery;
  });
}
