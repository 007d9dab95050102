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
  asItWas,
  CORRECTED_CATEGORIES,
  fieldOfCategory,
  type AsItWas,
  type CorrectedField,
  type OnCorrection,
} from './corrections.js';
export {
  declareInfrastructure,
  declareStore,
  type DeclaredStore,
  type InfrastructureTable,
  type PlainKind,
  type StoreKind,
} from './stores.js';
export {
  isGenuine,
  MANIFEST,
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
export { checkCatalogue, compareCatalogue } from './check-catalogue.js';
export { type Finding } from './finding.js';
export { checkJsonKeys } from './check-json-keys.js';
export { readCatalogue, type CatalogueClient, type LiveCatalogue } from './live-catalogue.js';
export { fidesDatasets } from './fides-dataset.js';
