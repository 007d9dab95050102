export {
  NotPersonal,
  Personal,
  retain,
  SubjectData,
  TenantData,
  type OnErasure,
  type PersonalKeys,
  type PersonalOptions,
  type Retention,
  type SubjectDataOptions,
} from './annotations.js';
export {
  declareInfrastructure,
  declareStore,
  type DeclaredStore,
  type InfrastructureTable,
  type PlainKind,
} from './stores.js';
export {
  isGenuine,
  manifestOf,
  personalColumnsOf,
  subjectTablesOf,
  tablesOf,
  type ColumnEntry,
  type EntityShape,
  type FrameTable,
  type Manifest,
  type ManifestParts,
  type StoreEntry,
  type SubjectTable,
  type TableEntry,
  type TenantTable,
} from './manifest.js';
export { dataCategories, dataUses, type DataCategory, type DataUse } from './vocabulary.js';
