import { existsSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { declareInfrastructure } from '@heed/data-map';
import { SigningKey } from '@heed/kernel';
import { AskWitnesses } from './ask-witnesses.js';
import { BringAlong } from './bring-along.js';
import { ChangeLogKey } from './change-log-key.js';
import { LogKey } from './checkpoint.js';
import { ListLogKeys } from './list-log-keys.js';
import { LOG_SETTINGS, nextKeyFile, type LogSettings } from './log-settings.js';
import { LogKeyRing } from './log-signers.js';
import { LogOffer } from './log-offer.js';
import { LoggedKeys } from './logged-keys.js';
import { ProveLeaves } from './prove-leaves.js';
import { RememberedLog } from './remembered-log.js';
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
    columns: {
      ...{
        key_id: 'digest',
        service: 'name',
        leaf_index: 'number',
        revoked_index: 'number',
        origin: 'number',
      },
    },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_signer',
    description: 'keys that sign checkpoints, each by the leaf with which it entered',
    columns: { vkey: 'digest', added_index: 'number', follows: 'digest', origin: 'number' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_checkpoint',
    description: 'signed checkpoints of the log',
    columns: { size: 'number', root: 'digest', note: 'digest', at: 'time', origin: 'number' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_origin',
    description: 'names of the log: a new one begins after a restore',
    columns: {
      ...{ number: 'number', name: 'name', first_leaf: 'number', begun_at: 'time' },
      ...{ forked_note: 'digest', forked_at: 'time' },
    },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_again',
    description: 'leaves of an earlier origin that stand in a later one again',
    columns: { origin: 'number', leaf: 'number', again: 'number' },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'public.log_cosignature',
    description: 'what each service has countersigned last',
    columns: {
      ...{ origin: 'number', service: 'name', size: 'number', vkey: 'digest', line: 'digest', at: 'time' },
    },
    tenants: 'open',
  }),
];

@Module({
  providers: [
    ...[settings, keys, TransparencyLog, ChangeLogKey, ListLogKeys],
    ...[LoggedKeys, ProveLeaves, BringAlong, LogOffer, RememberedLog, AskWitnesses],
  ],
  exports: [
    LogKeyRing,
    TransparencyLog,
    ListLogKeys,
    LoggedKeys,
    ProveLeaves,
    BringAlong,
    RememberedLog,
    AskWitnesses,
  ],
})
export class LogModule {}
