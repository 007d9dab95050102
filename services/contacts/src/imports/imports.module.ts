import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { CancelImport } from './cancel-import.js';
import { ImportWorker } from './import-worker.js';
import { ImportsGrpc } from './imports.grpc.js';
import { ImportsHttp } from './imports.http.js';
import { MergeBatch } from './merge-batch.js';
import { ReceiveImport } from './receive-import.js';
import { RejectedFile } from './rejected-file.js';
import { WatchImport } from './watch-import.js';

@Module({
  imports: [ContactsModule],
  controllers: [ImportsGrpc, ImportsHttp],
  providers: [CancelImport, ImportWorker, MergeBatch, ReceiveImport, RejectedFile, WatchImport],
})
export class ImportsModule {}
