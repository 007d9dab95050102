import { type DeclaredStore, type InfrastructureTable } from '@heed/data-map';
import { dataRightsEntities, dataRightsMigrations, infrastructureOfDataRights } from '@heed/data-rights';
import { eventMigrations, infrastructureOfEvents, topicStoresOf } from '@heed/events';
import { type EntityClass, infrastructureOfFrame, type MigrationSource } from '@heed/postgres';
import { infrastructureOfRpc, rpcMigrations } from '@heed/rpc';
import {
  hashKeyMigrations,
  infrastructureOfHashing,
  infrastructureOfKeys,
  storesOfSealing,
  subjectKeyMigrations,
} from '@heed/sealing';
import { type ServiceDefinition } from './definition.js';

/** Migrations of a service's own database: what the libs bring, then its own. */
export function migrationsOf(definition: Pick<ServiceDefinition, 'name' | 'migrations'>): MigrationSource[] {
  return [
    eventMigrations,
    rpcMigrations,
    hashKeyMigrations,
    dataRightsMigrations,
    { name: definition.name, directory: definition.migrations },
  ];
}

/** Migrations of its database of keys. */
export const migrationsOfKeys: readonly MigrationSource[] = [subjectKeyMigrations];

export function infrastructureOf(definition: ServiceDefinition): InfrastructureTable[] {
  return [
    ...infrastructureOfFrame,
    ...infrastructureOfEvents,
    ...infrastructureOfRpc,
    ...infrastructureOfHashing,
    ...infrastructureOfDataRights,
    ...(definition.infrastructure ?? []),
  ];
}

export const infrastructureOfKeysDatabase: readonly InfrastructureTable[] = [
  ...infrastructureOfFrame,
  ...infrastructureOfKeys,
];

export function entitiesOf(definition: ServiceDefinition): EntityClass[] {
  return [...dataRightsEntities, ...definition.entities];
}

export function storesOf(definition: ServiceDefinition): DeclaredStore[] {
  return [...storesOfSealing, ...topicStoresOf(definition.name), ...(definition.stores ?? [])];
}
