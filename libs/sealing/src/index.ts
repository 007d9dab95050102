export { type KeySignals } from './key-holders.js';
export { RewrapKeys } from './rewrap-keys.js';
export {
  Sealing,
  type OfTenant,
  type SealingParts,
  type ToOpen,
  type ToSeal,
  type WrappedSecret,
} from './sealing.js';
export { SEAL_OVERHEAD, type SealedPlace } from './envelope.js';
export { KEY_CACHE_MS } from './key-cache.js';
export { KeyedHash, readHash } from './keyed-hash.js';
export { openKeyManagement, type KeyContext, type KeyManagement } from './kms.js';
export {
  hashKeyMigrations,
  infrastructureOfHashing,
  infrastructureOfKeys,
  storesOfSealing,
  subjectKeyMigrations,
} from './infrastructure.js';
