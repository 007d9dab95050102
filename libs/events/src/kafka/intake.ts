import { setImmediate as turn } from 'node:timers/promises';
import { isDomainError, type Clock } from '@heed/kernel';
import { type Logger } from '@heed/telemetry';
import { type EachBatchPayload } from 'kafkajs';
import { backoffMs } from '../backoff.js';
import { CURSOR_MOVED, type Delivery, type Sink } from '../bus.js';
import { retried } from '../measures.js';
import { type Assignment } from './assignment.js';
import { type HeldPartition } from './held-partitions.js';

interface Arrival {
  partition: HeldPartition;
  deliveries: Delivery[];
  payload: EachBatchPayload;
}

export interface IntakeOptions {
  sink: Sink;
  assignment: Assignment;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Told after each commit. */
  committed(): void;
}

/** Well inside the session of 3 s. */
const HEARTBEAT_MS = 500;

/**
 * Brings all partitions of one fetch into one transaction: kafkajs hands them over one by one, in the same turn of the
 * event loop. 15k events/s this way, 2k/s with a transaction for each message.
 */
export class Intake {
  private arrived: Arrival[] = [];
  private next: Promise<void> | undefined;
  private present: Promise<void> = Promise.resolve();
  private failures = 0;

  constructor(private readonly options: IntakeOptions) {}

  get retrying(): boolean {
    return this.failures > 0;
  }

  /** Resolves when what is in hand now was taken in, or put off. */
  settled(): Promise<void> {
    return this.present;
  }

  /** Resolves when the batch was taken in, or put off. Does not throw: a throwing eachBatch costs the whole session. */
  async take(payload: EachBatchPayload): Promise<void> {
    const accepted = await this.options.assignment.accept(payload.batch);
    if (accepted === undefined) return;
    const { partition, deliveries } = accepted;
    if (deliveries.length > 0) await this.gather({ partition, deliveries, payload });
    // Where a seek is under way it comes after this and wins.
    payload.resolveOffset(String(partition.next - 1n));
  }

  private gather(arrival: Arrival): Promise<void> {
    this.arrived.push(arrival);
    if (this.next === undefined) {
      this.next = this.present.then(async () => {
        await turn();
        const arrivals = this.arrived;
        this.arrived = [];
        this.next = undefined;
        await this.takeAll(arrivals);
      });
      this.present = this.next;
    }
    return this.next;
  }

  private async takeAll(arrivals: readonly Arrival[]): Promise<void> {
    const { sink, assignment, signal } = this.options;
    const beating = new AbortController();
    void this.beat(arrivals, beating.signal);
    try {
      await sink.take(
        arrivals.flatMap(({ deliveries }) => deliveries),
        assignment.moved,
        signal,
      );
      this.failures = 0;
      this.options.committed();
    } catch (error) {
      if (isDomainError(error, CURSOR_MOVED)) {
        await assignment.recheck(arrivals.map(({ partition }) => partition.stream));
      } else {
        this.putOff(arrivals, error);
      }
    } finally {
      beating.abort();
    }
  }

  /** Pauses the partitions and returns: other partitions, heartbeats and rebalances go on meanwhile. */
  private putOff(arrivals: readonly Arrival[], error: unknown): void {
    const { sink, clock, log, signal } = this.options;
    this.failures += 1;
    retried.add(1, { consumer: sink.consumer });
    log.warn('events put off', { consumer: sink.consumer, tries: this.failures, error });
    const resumes = arrivals.map(({ payload }) => payload.pause());
    const resume = (): void => resumes.forEach((go) => go());
    clock.wait(backoffMs(this.failures), signal).then(resume, resume);
  }

  private async beat(arrivals: readonly Arrival[], signal: AbortSignal): Promise<void> {
    const [first] = arrivals;
    while (first !== undefined) {
      try {
        await this.options.clock.wait(HEARTBEAT_MS, signal);
        await first.payload.heartbeat();
      } catch {
        // Either the work is done, or the group rebalances, which kafkajs learns by itself when we return.
        return;
      }
    }
  }
}
