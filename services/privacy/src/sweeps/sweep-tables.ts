import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';

/** Sweeps and what they found: ids, names of columns, numbers and times. */
export const sweepTables: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'public.sweep',
    description: 'Searches by value of all services',
    tenants: 'open',
    columns: { sweep_id: 'id', began_at: 'time', ended_at: 'time', requests: 'number' },
  }),
  declareInfrastructure({
    table: 'public.sweep_part',
    description: 'What each service has found in a sweep',
    tenants: 'open',
    columns: {
      ...{ sweep_id: 'id', service: 'name', answered_at: 'time', leaf: 'number' },
      ...{ found: 'number', excepted: 'number' },
    },
  }),
  declareInfrastructure({
    table: 'public.sweep_due',
    description: 'Requests that wait for a sweep, or for a person to look at what it found',
    tenants: 'open',
    columns: { tenant_id: 'id', request_id: 'id', subject_id: 'id', closed_at: 'time', sweep_id: 'id' },
  }),
  declareInfrastructure({
    table: 'public.sweep_opening',
    description: 'What each service has signed about each request in the last sweep: counts',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', request_id: 'id', service: 'name', sweep_id: 'id', leaf: 'number' },
      ...{ position: 'number', path: 'digest', salt: 'digest', statement: 'payload' },
    },
  }),
  declareInfrastructure({
    table: 'public.probe_hit',
    description: 'Places that held something of somebody who was erased, and what a person said of them',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', hit_id: 'id', request_id: 'id', sweep_id: 'id', service: 'name', store: 'name' },
      ...{ column_name: 'name', row_key: 'name', found_at: 'time', resolution: 'code', reason: 'code' },
      ...{ resolved_by: 'id', resolved_at: 'time' },
    },
  }),
];
