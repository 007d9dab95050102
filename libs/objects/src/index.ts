export {
  OBJECT_STORE,
  openObjectStore,
  type ObjectBody,
  type ObjectStore,
  type StoredObject,
} from './object-store.js';
