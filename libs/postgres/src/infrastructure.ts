import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';

/** The frame's own tables, for the data map of every service. */
export const infrastructureOfFrame: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.subject',
    description: 'Who is known here and whether they live; a tombstone stays as long as the oldest copy',
    columns: {
      ...{ tenant_id: 'id', subject_id: 'id', live: 'flag', kind: 'code', sequence: 'number' },
      restricted_by: 'id',
    },
    tenants: 'wall',
  }),
  declareInfrastructure({
    table: 'heed.migration',
    description: 'Which migrations have run',
    columns: {
      source: 'name',
      name: 'name',
      checksum: 'digest',
      breaking: 'flag',
      reason: 'name',
      applied_at: 'time',
    },
    tenants: 'open',
  }),
  declareInfrastructure({
    table: 'heed.day_partitioned',
    description: 'Which tables are partitioned by day, and for how long they are kept',
    columns: { relation: 'name', keep_days: 'number' },
    tenants: 'open',
  }),
];
