import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { lockSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { CARRIER, type Carrier } from '../carrier/carrier.js';
import { type RecordingEntity } from './recording.entity.js';
import { LARGEST_RECORDING, placeOf, recordingKey } from './recording.js';
import { Recorder } from './recorder.js';
import { RecordingStore } from './recording.store.js';

/** Recordings to fetch, by call. */
const FETCH = 'recordings';
/** Calls of which the carrier may still hold something. */
const CLEAR = 'carrier-copies';

const kept = metrics.counter('heed_recordings_total', {
  description: 'Recordings that the carrier made for us, by what became of them',
});

/**
 * Brings recordings from the carrier into our own store, sealed, and leaves nothing at the carrier. Both are tried until
 * done. A DueWork of its own: two recordings in memory at once, and no order of erasure waits for a slow carrier.
 */
@Injectable()
export class RecordingWork implements OnModuleDestroy {
  readonly due: DueWork;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordings: RecordingStore,
    private readonly recorder: Recorder,
    private readonly sealing: Sealing,
    @Inject(CARRIER) private readonly carrier: Carrier,
    @Inject(OBJECT_STORE) private readonly objects: ObjectStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    this.due = new DueWork({ work: uow, clock, log, parallel: 2 });
    this.due.serve(FETCH, (item) => this.fetch(item));
    this.due.serve(CLEAR, (item) => this.clearCarrier(item));
  }

  start(): void {
    this.due.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.due.stop();
  }

  /** The carrier has one, and it is to be kept. The person's subject is locked by the caller. */
  async expect(tx: Tx, callId: string, contactId: string): Promise<void> {
    await this.recordings.expect(tx, callId, contactId, this.clock.now());
    await this.due.add(tx, FETCH, [callId]);
  }

  /** Whatever the carrier has of these calls is to go. */
  async clear(tx: Tx, callIds: readonly string[], at = this.clock.now()): Promise<void> {
    await this.due.add(tx, CLEAR, callIds, at);
  }

  private async fetch(item: DueItem): Promise<void> {
    const { tenantId, ref: callId } = item;
    const row = await this.uow.run(tenantId, (tx) => this.recordings.find(tx, callId));
    // Erased meanwhile, or kept by one whose claim ran out.
    if (row?.state !== 'expected') return this.uow.run(tenantId, (tx) => this.end(tx, item));
    const audio =
      (await this.recorder.gather(row)) ?? (await this.carrier.recording(callId, LARGEST_RECORDING));
    if (!Buffer.isBuffer(audio))
      return this.lose(item, audio === 'too-large' ? 'too_large' : 'not_at_carrier');
    const sealed = await this.sealed(tenantId, row, audio);
    await this.uow.run(tenantId, async (tx) => {
      // Held while the object is put: an erasure waits for it and then finds it, or it came first and nothing is put.
      const living = await lockSubjects(tx, [row.contactId]);
      if (living.has(row.contactId) && sealed) {
        await this.objects.put(recordingKey(tenantId, row.contactId, callId), sealed);
        await this.recordings.stored(tx, callId, audio.length, this.clock.now());
        tx.afterCommit(() => kept.add(1, { outcome: 'stored' }));
      }
      await this.end(tx, item);
    });
  }

  /** Undefined for somebody whose key was destroyed. */
  private async sealed(
    tenantId: string,
    { contactId, callId }: RecordingEntity,
    audio: Buffer,
  ): Promise<Buffer | undefined> {
    try {
      return await this.sealing.seal(tenantId, contactId, placeOf(callId), audio);
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) return undefined;
      throw error;
    }
  }

  private async lose(item: DueItem, reason: string): Promise<void> {
    await this.uow.run(item.tenantId, async (tx) => {
      await this.recordings.lost(tx, item.ref, reason);
      await this.end(tx, item);
      tx.afterCommit(() => kept.add(1, { outcome: 'lost' }));
    });
  }

  private async end(tx: Tx, item: DueItem): Promise<void> {
    await this.clear(tx, [item.ref]);
    await item.done(tx);
  }

  /** What is still expected then was not to be kept. Also hangs up: of a call that ended as `unknown` the carrier may have heard too late. */
  private async clearCarrier(item: DueItem): Promise<void> {
    await this.carrier.hangUp(item.ref);
    await this.carrier.deleteRecording(item.ref);
    const row = await this.uow.run(item.tenantId, (tx) => this.recordings.find(tx, item.ref));
    // Pieces of a person who is erased lie under them and go with them.
    if (row) await this.recorder.discard(row);
    await this.uow.run(item.tenantId, async (tx) => {
      await this.recordings.lost(tx, item.ref, 'not_kept');
      await item.done(tx);
    });
  }
}
