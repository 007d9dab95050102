import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';
import { type EntityClass, type MigrationSource } from '@heed/postgres';
import { ExportPart } from './export-part.entity.js';
import { untoldActTable } from './audit/untold-act.store.js';
import { logWitnessTable } from './witness/log-witness.store.js';

export const dataRightsMigrations: MigrationSource = {
  name: 'data-rights',
  directory: new URL('../migrations/', import.meta.url),
};

/** The one table of data rights that is about people: it belongs to every service's data map. */
export const dataRightsEntities: readonly EntityClass[] = [ExportPart];

/** What data rights bring into every service's database: ids, numbers, times, hashes and signatures. */
export const infrastructureOfDataRights: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.due_work',
    description: 'Work that is due, claimed by one process at a time',
    columns: {
      queue: 'code',
      tenant_id: 'id',
      ref: 'id',
      due_at: 'time',
      attempts: 'number',
      reason: 'code',
      claim: 'id',
      claimed_until: 'time',
      again: 'flag',
      traceparents: 'digest',
    },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'heed.order_batch',
    description: 'Signed orders as they were taken: ids of people, and what is to be done',
    columns: {
      tenant_id: 'id',
      batch_id: 'id',
      action: 'code',
      issued: 'payload',
      taken_at: 'time',
      fenced_at: 'time',
      fence_xid: 'position',
      caches_clear_at: 'time',
    },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.order_taken',
    description: 'Each order by its number among those about one person: an older one is never taken again',
    columns: {
      tenant_id: 'id',
      order_id: 'id',
      batch_id: 'id',
      request_id: 'id',
      subject_id: 'id',
      order_number: 'number',
      action: 'code',
    },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.order_answers',
    description: 'What the stores answered to an order that is being carried out',
    columns: { tenant_id: 'id', order_id: 'id', step: 'code', answers: 'payload' },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.receipt',
    description: 'One signature for each batch of orders',
    columns: {
      tenant_id: 'id',
      batch_id: 'id',
      receipt_id: 'id',
      action: 'code',
      root: 'digest',
      tree_size: 'number',
      manifest_version: 'digest',
      signed_at: 'time',
      key_id: 'id',
      signature: 'digest',
    },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.receipt_opening',
    description: 'What was stated about each order: the id of the person, and counts by store',
    columns: {
      tenant_id: 'id',
      order_id: 'id',
      batch_id: 'id',
      leaf_index: 'number',
      salt: 'digest',
      statement: 'payload',
      path: 'digest',
    },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.retention',
    description: 'Until when rows of a person are retained, and on what ground',
    columns: { tenant_id: 'id', subject_id: 'id', store: 'name', ground: 'code', until: 'time' },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.hold',
    description: 'Whose rows no purge by age may delete: ids of holds and of people, as privacy told them',
    columns: { tenant_id: 'id', hold_id: 'id', subject_id: 'id', released: 'flag' },
    tenants: 'wall',
  }),
  logWitnessTable,
  untoldActTable,
];
