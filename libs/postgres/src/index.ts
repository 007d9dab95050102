export { Database, type DatabaseOptions, type EntityClass, type PoolName } from './database.js';
export { entityShapes } from './entity-shapes.js';
export { infrastructureOfFrame } from './infrastructure.js';
export { schemaDump } from './schema-dump.js';
export { serverSettings, type ServerSettings } from './server-settings.js';
export { within } from './within.js';
export { UnitOfWork, type ErrorReport, type RunOptions } from './unit-of-work.js';
export { type AcrossTx, type Prepared, type Sql, type Statements, type Tx } from './transaction.js';
export {
  addNumberedSubjects,
  addSubjects,
  admitSubjects,
  lockSubjects,
  lockSubjectsForCorrection,
  lockSubjectsForErasure,
  raiseFence,
  type ErasureLock,
  restrictedAmong,
  restrictSubjects,
} from './subjects.js';
export {
  connectionUrl,
  databaseRoles,
  loginOf,
  passwordOf,
  rolesOf,
  type DatabaseRole,
  type Passwords,
} from './roles.js';
export {
  databasesOf,
  keyRolesOf,
  provision,
  provisionDatabase,
  provisionRoles,
  quietSettings,
  type ProvisionOptions,
} from './provision.js';
export { frameMigrations, loadMigrations, type Migration, type MigrationSource } from './migration-source.js';
export { assertSchema, migrate, type MigrateOptions, type Queryable } from './migrate.js';
export {
  constraintOf,
  DatabaseFailure,
  isFenceRefusal,
  isRetryable,
  reasonOf,
  reduced,
  sqlstate,
  type ConstraintReasons,
} from './database-failure.js';
