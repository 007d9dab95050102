import {
  declareInfrastructure,
  declareStore,
  type DeclaredStore,
  type InfrastructureTable,
} from '@heed/data-map';

/** 24 months. */
export const RECORD_DAYS = 730;

/** What stays of a request: LAW: 11 CCR 7101, records of requests are kept 24 months, without the person's addresses. */
export const requestRecord: DeclaredStore = declareStore({
  kind: 'log',
  name: 'request-record',
  description:
    'The request itself, its orders (also off site), answers and receipts: ids, codes, counts and times',
  categories: ['user.unique_id.pseudonymous'],
  retentionDays: RECORD_DAYS,
  ground: 'accountability',
});

/** Tables that name people by id and hold nothing else about them: they stand outside the fence. */
export const infrastructureOfPrivacy: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'public.incarnation_witness',
    description: 'In which life the database of each service was last',
    tenants: 'open',
    columns: { service: 'name', number: 'number', nonce: 'id', witnessed_at: 'time' },
  }),
  declareInfrastructure({
    table: 'public.request',
    description: 'Requests: who asked for what, where it stands, when it ended',
    tenants: 'wall',
    columns: {
      tenant_id: 'id',
      request_id: 'id',
      asked_right: 'code',
      state: 'code',
      subject_id: 'id',
      subject_kind: 'code',
      objects: 'flag',
      verification: 'code',
      taken_by: 'id',
      informed: 'code',
      exception_reason: 'code',
      extended_because: 'code',
      attention_at: 'time',
      refusal_ground: 'code',
      approved_by: 'id',
      needs_second_person: 'flag',
      handle: 'id',
      received_at: 'time',
      due_at: 'time',
      closed_at: 'time',
      closing_statement: 'payload',
      closing_salt: 'digest',
      closing_leaf: 'number',
    },
  }),
  declareInfrastructure({
    table: 'public.request_pin',
    description: 'The manifests that each request is pinned to',
    tenants: 'wall',
    columns: { tenant_id: 'id', request_id: 'id', service: 'name', manifest_version: 'digest' },
  }),
  declareInfrastructure({
    table: 'public.hold',
    description: 'Who is held, for which matter, and what a hold came too late for',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', hold_id: 'id', subject_id: 'id', subject_kind: 'code', ground: 'code' },
      ...{ matter: 'name', placed_by: 'id', placed_at: 'time', until: 'time', released_at: 'time' },
      ...{ released_by: 'id', too_late_request: 'id', too_late_for: 'name', without_telling: 'flag' },
    },
  }),
  declareInfrastructure({
    table: 'public.restriction',
    description: 'Who is restricted, and by which request',
    tenants: 'wall',
    columns: { tenant_id: 'id', subject_id: 'id', request_id: 'id', since: 'time' },
  }),
  declareInfrastructure({
    table: 'public.erasure_ledger',
    description: 'Who was to be erased, written before anything is destroyed',
    tenants: 'wall',
    columns: {
      ...{ tenant_id: 'id', entry_no: 'number', subject_id: 'id', request_id: 'id' },
      ...{ at: 'time', withdrawn: 'flag' },
    },
  }),
  declareInfrastructure({
    table: 'public.order_counter',
    description: 'The last number of the orders about a person',
    tenants: 'wall',
    columns: { tenant_id: 'id', subject_id: 'id', last_number: 'number' },
  }),
  declareInfrastructure({
    table: 'public.subject_order',
    description: 'Orders, by request and by number about their person',
    tenants: 'wall',
    columns: {
      tenant_id: 'id',
      order_id: 'id',
      request_id: 'id',
      subject_id: 'id',
      order_number: 'number',
      action: 'code',
      batch_id: 'id',
      created_at: 'time',
      answered_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'public.issued_batch',
    description: 'Signed batches of orders, as they were published',
    tenants: 'wall',
    columns: {
      tenant_id: 'id',
      batch_id: 'id',
      action: 'code',
      issued: 'payload',
      services: 'name',
      issued_at: 'time',
      answered_at: 'time',
      asked: 'number',
    },
  }),
  declareInfrastructure({
    table: 'public.batch_receipt',
    description: 'Receipts of the services',
    tenants: 'wall',
    columns: {
      tenant_id: 'id',
      batch_id: 'id',
      service: 'name',
      receipt_id: 'id',
      receipt: 'payload',
      received_at: 'time',
      verified_at: 'time',
      leaf: 'number',
    },
  }),
  declareInfrastructure({
    table: 'public.opening',
    description: 'What each service stated about each order: ids and counts by store',
    tenants: 'wall',
    columns: {
      tenant_id: 'id',
      order_id: 'id',
      service: 'name',
      leaf_index: 'number',
      salt: 'digest',
      statement: 'payload',
      found: 'flag',
      path: 'digest',
    },
  }),
  declareInfrastructure({
    table: 'public.manifest',
    description: 'Manifests as the services have signed them',
    tenants: 'open',
    columns: {
      service: 'name',
      version: 'digest',
      content: 'payload',
      signature: 'digest',
      key_id: 'id',
      seen_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'public.retired_store',
    description: 'Stores that services have said they took out, each by its leaf of the log',
    tenants: 'open',
    columns: {
      service: 'name',
      store: 'name',
      manifest_version: 'digest',
      leaf: 'number',
      retired_at: 'time',
    },
  }),
];
