import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SpecialCases, type ExportFile, type Order, type SpecialExport } from '@heed/data-rights';
import { type Tx } from '@heed/postgres';
import { OpenRecording, piecesOf } from './open-recording.js';
import { RECORDINGS } from './recording.js';
import { RecordingStore } from './recording.store.js';

/** Hands a person their recordings, opened: bytes under a key of ours would tell them nothing. */
@Injectable()
export class ExportRecordings implements SpecialExport, OnModuleInit {
  readonly store = RECORDINGS;

  constructor(
    private readonly special: SpecialCases,
    private readonly recordings: RecordingStore,
    private readonly opening: OpenRecording,
  ) {}

  onModuleInit(): void {
    this.special.addExport(this);
  }

  async *files(tx: Tx, { subjectIds }: Order): AsyncGenerator<ExportFile> {
    for (const recording of await this.recordings.storedOf(tx, subjectIds)) {
      const file = await this.opening.open(recording);
      if (file) yield { name: `${recording.callId}.wav`, mediaType: 'audio/wav', content: inPieces(file) };
    }
  }
}

async function* inPieces(file: Buffer): AsyncGenerator<Buffer> {
  yield* piecesOf(file);
}
