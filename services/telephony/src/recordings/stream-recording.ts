import { Injectable } from '@nestjs/common';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { CallPageStore } from '../calls/call-page.store.js';
import { refusal } from '../errors.js';
import { AccessLog } from './access-log.js';
import { OpenRecording, piecesOf } from './open-recording.js';
import { RecordingStore } from './recording.store.js';

/** Plays a recording to somebody. That they listened is committed before they hear anything. */
@Injectable()
export class StreamRecording {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly calls: CallPageStore,
    private readonly recordings: RecordingStore,
    private readonly opening: OpenRecording,
    private readonly accesses: AccessLog,
  ) {}

  async *stream(caller: Caller, callId: string): AsyncGenerator<Buffer> {
    const recording = await this.uow.run(caller.tenantId, async (tx) => {
      if (!(await this.calls.find(tx, callId))) throw refusal('CALL_NOT_FOUND');
      return this.recordings.find(tx, callId);
    });
    if (recording?.state !== 'stored') throw refusal('RECORDING_NOT_FOUND');
    const file = await this.opening.open(recording);
    if (!file) throw refusal('RECORDING_NOT_FOUND');
    await this.accesses.record(caller, recording.contactId);
    yield* piecesOf(file);
  }
}
