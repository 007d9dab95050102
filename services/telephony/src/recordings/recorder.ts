import { Inject, Injectable } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { CLOCK, isDomainError, type Clock } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { lockSubjects, UnitOfWork } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { type AudioKeeper } from '../carrier/carrier.js';
import { wavHead } from '../media/wav.js';
import { pieceKey, placeOfPiece, piecesPrefix } from './recording.js';
import { RecordingStore } from './recording.store.js';
import { RunningRecording } from './running-recording.js';

interface OfCall {
  tenantId: string;
  contactId: string;
  callId: string;
}

/**
 * Keeps what is said in calls that we hear ourselves, sealed under the person's key while they speak. The row stands
 * before the first object, and each piece is put while its person is locked: an erasure waits for it and then finds it,
 * or it came first and nothing is put.
 */
@Injectable()
export class Recorder {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordings: RecordingStore,
    private readonly sealing: Sealing,
    @Inject(OBJECT_STORE) private readonly objects: ObjectStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  keeperOf(call: OfCall): AudioKeeper {
    const { tenantId, contactId, callId } = call;
    return new RunningRecording(
      {
        announce: () =>
          this.uow.run(tenantId, async (tx) => {
            if (!(await lockSubjects(tx, [contactId])).has(contactId)) return false;
            await this.recordings.expect(tx, callId, contactId, this.clock.now());
            return true;
          }),
        put: (index, samples) => this.put(call, index, samples),
      },
      this.clock,
    );
  }

  /** The WAV file of all pieces; undefined where there are none. */
  async gather({ tenantId, contactId, callId }: OfCall): Promise<Buffer | undefined> {
    const keys = await this.keysOf({ tenantId, contactId, callId });
    if (keys.length === 0) return undefined;
    const pieces: Buffer[] = [];
    for (const [index, key] of keys.entries()) {
      const sealed = await buffer(await this.objects.get(key));
      pieces.push(await this.sealing.open(tenantId, contactId, placeOfPiece(callId, index), sealed));
    }
    const samples = Buffer.concat(pieces);
    return Buffer.concat([wavHead(samples.length), samples]);
  }

  /** Once they are kept as one, or are not to be kept. */
  async discard(call: OfCall): Promise<void> {
    for (const key of await this.keysOf(call)) await this.objects.delete(key);
  }

  private async put(
    { tenantId, contactId, callId }: OfCall,
    index: number,
    samples: Buffer,
  ): Promise<boolean> {
    try {
      const sealed = await this.sealing.seal(tenantId, contactId, placeOfPiece(callId, index), samples);
      return await this.uow.run(tenantId, async (tx) => {
        if (!(await lockSubjects(tx, [contactId])).has(contactId)) return false;
        await this.objects.put(pieceKey(tenantId, contactId, callId, index), sealed);
        return true;
      });
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) return false;
      throw error;
    }
  }

  /** In their order: names have as many digits each. */
  private async keysOf({ tenantId, contactId, callId }: OfCall): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.objects.list(piecesPrefix(tenantId, contactId, callId))) keys.push(key);
    return keys.sort();
  }
}
