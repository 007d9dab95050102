import { Inject, Injectable } from '@nestjs/common';
import { buffer } from 'node:stream/consumers';
import { isDomainError } from '@heed/kernel';
import { OBJECT_STORE, type ObjectStore } from '@heed/objects';
import { Sealing } from '@heed/sealing';
import { type RecordingEntity } from './recording.entity.js';
import { placeOf, recordingKey } from './recording.js';

const PIECE = 64 * 1024;

@Injectable()
export class OpenRecording {
  constructor(
    private readonly sealing: Sealing,
    @Inject(OBJECT_STORE) private readonly objects: ObjectStore,
  ) {}

  /** The WAV file; undefined where its person is being erased at this moment. */
  async open({ tenantId, contactId, callId }: RecordingEntity): Promise<Buffer | undefined> {
    try {
      const sealed = await buffer(await this.objects.get(recordingKey(tenantId, contactId, callId)));
      return await this.sealing.open(tenantId, contactId, placeOf(callId), sealed);
    } catch (error) {
      if (isDomainError(error, 'KEY_DESTROYED') || isDomainError(error, 'OBJECT_NOT_FOUND')) return undefined;
      throw error;
    }
  }
}

export function* piecesOf(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += PIECE) yield file.subarray(at, at + PIECE);
}
