export {
  OBJECT_STORE,
  openObjectStore,
  type ObjectBody,
  type ObjectCredentials,
  type ObjectStore,
  type StoredObject,
} from './object-store.js';
export { AppendOnlyLog, keepsWhatIsThere, START, type Chunk, type Entry, type Head } from './append-only.js';
