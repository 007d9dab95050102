import {
  declareInfrastructure,
  declareStore,
  type DeclaredStore,
  type InfrastructureTable,
} from '@heed/data-map';
import { type MigrationSource } from '@heed/postgres';

/** For the database of keys. */
export const subjectKeyMigrations: MigrationSource = {
  name: 'subject-keys',
  directory: new URL('../migrations/keys/', import.meta.url),
};

/** For the service's own database. */
export const hashKeyMigrations: MigrationSource = {
  name: 'hash-keys',
  directory: new URL('../migrations/main/', import.meta.url),
};

/** What the database of keys holds besides the frame. */
export const infrastructureOfKeys: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.subject_key',
    description: 'The wrapped key of each person, which sealed columns and objects die with',
    columns: {
      tenant_id: 'id',
      subject_id: 'id',
      wrapped: 'key',
      kms_key_id: 'name',
      at: 'time',
      subject_live: 'flag',
    },
    tenants: 'wall',
    subject: 'subject_id',
  }),
  declareInfrastructure({
    table: 'heed.key_holder',
    description: 'The processes that may hold keys in memory, and when each last said so',
    columns: { holder_id: 'id', renewed_at: 'time' },
    tenants: 'open',
  }),
];

/** What sealing brings into the service's own database. */
export const infrastructureOfHashing: readonly InfrastructureTable[] = [
  declareInfrastructure({
    table: 'heed.hash_key',
    description: 'The wrapped keys of keyed hashes, one for each rotation',
    columns: {
      tenant_id: 'id',
      version: 'number',
      wrapped: 'key',
      kms_key_id: 'name',
      usable_from: 'time',
      at: 'time',
    },
    tenants: 'wall',
  }),
];

/** What of it answers for itself in an erasure. */
export const storesOfSealing: readonly DeclaredStore[] = [
  declareStore({
    kind: 'keys',
    name: 'subject-keys',
    description:
      'The keys of sealed columns and objects: destroyed with the person, and with them every copy',
  }),
];
