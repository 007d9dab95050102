import { declareInfrastructure, type InfrastructureTable } from '@heed/data-map';

/** Who takes part and what each was handed: names, keys and ids. They are read before a tenant is entered. */
export const participantTables: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'public.participant',
    description: 'Services of others that must answer, by name and key',
    tenants: 'open',
    columns: {
      name: 'name',
      key_id: 'digest',
      public_key: 'digest',
      all_tenants: 'flag',
      enrolled_at: 'time',
      issued: 'number',
      handed: 'number',
      seen_at: 'time',
      retired_at: 'time',
      retirement: 'payload',
      retirement_signature: 'digest',
      retired_leaf: 'number',
      without_receipt: 'code',
    },
  }),
  declareInfrastructure({
    table: 'public.participant_tenant',
    description: 'Tenants whose people a participant holds',
    tenants: 'open',
    columns: { name: 'name', tenant_id: 'id' },
  }),
  declareInfrastructure({
    table: 'public.participant_delivery',
    description: 'Batches in the order in which each participant is handed them',
    tenants: 'open',
    columns: {
      name: 'name',
      position: 'number',
      tenant_id: 'id',
      batch_id: 'id',
      issued_at: 'time',
      answered_at: 'time',
    },
  }),
];
