import { eventTypes, topics } from '@heed/contracts';
import {
  declareInfrastructure,
  declareStore,
  type DeclaredStore,
  type InfrastructureTable,
} from '@heed/data-map';
import { type MigrationSource } from '@heed/postgres';

export const eventMigrations: MigrationSource = {
  name: 'events',
  directory: new URL('../migrations/', import.meta.url),
};

/** What events bring into every service's database: ids, positions, counts, and payloads that hold no more (I3). */
export const infrastructureOfEvents: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.outbox',
    description: 'Events of this service, kept 7 days, and until the relay has passed',
    tenants: 'wall',
    policies: ['readers'],
    columns: {
      seq: 'number',
      xid: 'number',
      at: 'time',
      tenant_id: 'id',
      id: 'id',
      type: 'name',
      topic: 'name',
      shard: 'number',
      key: 'id',
      subject: 'id',
      sequence: 'number',
      occurred_at: 'time',
      traceparent: 'digest',
      payload: 'payload',
    },
  }),
  declareInfrastructure({
    table: 'heed.outbox_horizon',
    description: 'The newest event that was dropped from the outbox',
    tenants: 'open',
    columns: { name: 'name', xid: 'number', seq: 'number' },
  }),
  declareInfrastructure({
    table: 'heed.relay_cursor',
    description: 'How far the relay is in the outbox, and who leads',
    tenants: 'open',
    columns: {
      name: 'name',
      position: 'position',
      token: 'number',
      holder: 'id',
      lease_until: 'time',
      saved_at: 'time',
      has_lock: 'flag',
    },
  }),
  declareInfrastructure({
    table: 'heed.inbox_cursor',
    description: 'How far each consumer is in each partition, and the last event it saw there',
    tenants: 'open',
    columns: {
      consumer: 'name',
      topic: 'name',
      partition: 'number',
      position: 'position',
      witness: 'id',
      witness_offset: 'number',
      moved_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'heed.inbox',
    description: 'Which events have been handled, kept 14 days: twice what an outbox can send again',
    tenants: 'open',
    columns: { consumer: 'name', event_id: 'id', received_at: 'time' },
  }),
  declareInfrastructure({
    table: 'heed.parked_key',
    description: 'Keys that stand still for a consumer because of an event that it could not handle',
    tenants: 'open',
    columns: { consumer: 'name', topic: 'name', key: 'id', since: 'time', replay_asked_at: 'time' },
  }),
  declareInfrastructure({
    table: 'heed.parked',
    description: 'The events of such keys, until they are replayed',
    tenants: 'open',
    columns: {
      id: 'number',
      consumer: 'name',
      topic: 'name',
      partition: 'number',
      offset: 'position',
      key: 'id',
      event_id: 'id',
      headers: 'payload',
      payload: 'payload',
      reason: 'code',
      sqlstate: 'code',
      attempts: 'number',
      parked_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'heed.refused',
    description: 'How many events about erased people the fence has refused, by consumer',
    tenants: 'open',
    columns: { consumer: 'name', reason: 'code', n: 'number', last_at: 'time' },
  }),
  declareInfrastructure({
    table: 'heed.incarnation',
    description: 'The life that this database is in, witnessed elsewhere: one that goes back was restored',
    tenants: 'open',
    columns: {
      name: 'name',
      number: 'number',
      nonce: 'id',
      previous: 'id',
      committed_at: 'time',
      witnessed_at: 'time',
      resynced: 'flag',
    },
  }),
  declareInfrastructure({
    table: 'heed.quarantine',
    description: 'Why the service is silent, while it is',
    tenants: 'open',
    columns: {
      name: 'name',
      reason: 'code',
      since: 'time',
      restored_to: 'time',
      resync_asked_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'heed.quarantine_lift',
    description: 'When the service was opened again after its database went back, and why',
    tenants: 'open',
    columns: {
      lift_id: 'id',
      reason: 'code',
      since: 'time',
      restored_to: 'time',
      resynced: 'flag',
      because: 'code',
      lifted_by: 'name',
      lifted_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'heed.offsite_head',
    description: 'How far each log has been copied off site',
    tenants: 'open',
    columns: { log: 'name', sequence: 'number', digest: 'digest', filled_at: 'time', copied_at: 'time' },
  }),
  declareInfrastructure({
    table: 'heed.offsite_due',
    description: 'What waits to be copied off site: orders of erasure, keyed hashes of suppressed addresses',
    tenants: 'open',
    columns: { id: 'number', log: 'name', tenant_id: 'id', at: 'time', payload: 'payload' },
  }),
  declareInfrastructure({
    table: 'heed.resync_step',
    description: 'How far a service has caught up after a restore',
    tenants: 'open',
    columns: {
      step: 'name',
      ordinal: 'number',
      done: 'number',
      total: 'number',
      began_at: 'time',
      finished_at: 'time',
    },
  }),
  declareInfrastructure({
    table: 'heed.replay_end',
    description:
      'Up to where a topic was carried out before a restore: a consumer that acts does nothing below',
    tenants: 'open',
    columns: { consumer: 'name', topic: 'name', partition: 'number', position: 'position', at: 'time' },
  }),
];

const DAY_MS = 86_400_000;

/** The topics that a service publishes: pseudonyms, for as long as the topic keeps them (I4: no copy undeclared). */
export function topicStoresOf(service: string): DeclaredStore[] {
  const published = new Set(
    eventTypes.filter(({ producer }) => producer === service).map(({ topic }) => topic),
  );
  return topics
    .filter(({ name }) => published.has(name))
    .map(({ name, retentionMs }) =>
      declareStore({
        kind: 'queue',
        name,
        description: 'Kafka topic: ids of people, enums, numbers and times',
        categories: ['user.unique_id.pseudonymous'],
        retentionDays: Math.ceil(retentionMs / DAY_MS),
      }),
    );
}
