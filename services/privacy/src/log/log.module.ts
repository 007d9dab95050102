import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { declareInfrastructure } from '@heed/data-map';
import { SigningKey } from '@heed/kernel';
import { LogKey } from './checkpoint.js';
import { LogGrpc } from './log.grpc.js';
import { TransparencyLog } from './transparency-log.js';

/** What the log needs of privacy's settings. */
export interface LogSettings {
  HEED_ENV: string;
  /** Ed25519 key of the log, apart from the service's own. */
  HEED_LOG_KEY_FILE: string;
  /** Name of the log in checkpoints and in its verifier key; never changes in a log's life. */
  HEED_LOG_ORIGIN: string;
}

const logKey = {
  provide: LogKey,
  inject: [SETTINGS],
  useFactory: ({ HEED_ENV, HEED_LOG_KEY_FILE, HEED_LOG_ORIGIN }: LogSettings) =>
    new LogKey(HEED_LOG_ORIGIN, SigningKey.load(HEED_LOG_KEY_FILE, { create: HEED_ENV !== 'production' })),
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
    table: 'public.log_checkpoint',
    description: 'signed checkpoints of the log',
    columns: { size: 'number', root: 'digest', note: 'digest', at: 'time' },
    tenants: 'open',
  }),
];

@Module({ controllers: [LogGrpc], providers: [logKey, TransparencyLog], exports: [TransparencyLog] })
export class LogModule {}
