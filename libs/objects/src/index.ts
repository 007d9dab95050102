export {
  OBJECT_STORE,
  openObjectStore,
  type ObjectBody,
  type ObjectStore,
  type StoredObject,
} from './object-store.js';
export { AppendOnlyLog, START, type Chunk, type Entry, type Head } from './append-only.js';
