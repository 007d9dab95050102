import { Module } from '@nestjs/common';
import { CallPageStore } from '../calls/call-page.store.js';
import { CarrierModule } from '../carrier/carrier.module.js';
import { AccessEntryStore } from './access-entry.store.js';
import { AccessLog } from './access-log.js';
import { ExportRecordings } from './export-recordings.js';
import { OpenRecording } from './open-recording.js';
import { Recorder } from './recorder.js';
import { RecordingStore } from './recording.store.js';
import { RecordingWork } from './recording-work.js';
import { StreamRecording } from './stream-recording.js';

@Module({
  imports: [CarrierModule],
  providers: [
    ...[RecordingStore, AccessEntryStore, CallPageStore],
    ...[Recorder, RecordingWork, OpenRecording, StreamRecording, AccessLog, ExportRecordings],
  ],
  exports: [AccessLog, Recorder, RecordingStore, RecordingWork, StreamRecording],
})
export class RecordingsModule {}
