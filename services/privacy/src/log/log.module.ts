import { existsSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { declareInfrastructure } from '@heed/data-map';
import { SigningKey } from '@heed/kernel';
import { ChangeLogKey } from './change-log-key.js';
import { LogKey } from './checkpoint.js';
import { ListLogKeys } from './list-log-keys.js';
import { LOG_SETTINGS, nextKeyFile, type LogSettings } from './log-settings.js';
import { LogKeyRing } from './log-signers.js';
import { LogGrpc } from './log.grpc.js';
import { TransparencyLog } from './transparency-log.js';

const settings = { provide: LOG_SETTINGS, useExisting: SETTINGS };

const keys = {
  provide: LogKeyRing,
  inject: [LOG_SETTINGS],
  useFactory: ({ HEED_ENV, HEED_LOG_KEY_FILE: file, HEED_LOG_ORIGIN: origin }: LogSettings) => {
    const load = (path: string, create: boolean) => new LogKey(origin, SigningKey.load(path, { create }));
    const current = load(file, HEED_ENV !== 'production');
    const next = nextKeyFile(file);
    return new LogKeyRing(current, existsSync(next) ? load(next, false) : undefined);
  },
};

/** Tables of the log: roots, keys and signatures; nobody's data. */
export const logTables = [
  declareInfrastructure({
    table: 'public.log_leaf',
    description: 'leaves of the transparency log: roots, keys, signatures',
    columns: { index: 'number', data: 'digest', leaf_hash: 'digest', at: 'time' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_key',
    description: 'where each service key entered the log',
    columns: { key_id: 'digest', service: 'name', leaf_index: 'number' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_signer',
    description: 'keys that sign checkpoints, each by the leaf with which it entered',
    columns: { vkey: 'digest', added_index: 'number', follows: 'digest' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_checkpoint',
    description: 'signed checkpoints of the log',
    columns: { size: 'number', root: 'digest', note: 'digest', at: 'time' },
    tenants: 'open',
  }),
];

@Module({
  controllers: [LogGrpc],
  providers: [settings, keys, TransparencyLog, ChangeLogKey, ListLogKeys],
  exports: [TransparencyLog],
})
export class LogModule {}
