import { type Readable } from 'node:stream';
import { DomainError } from '@heed/kernel';
import { FolderStore } from './folder-store.js';
import { S3Store } from './s3-store.js';

export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

export interface StoredObject {
  key: string;
  size: number;
}

/**
 * Files by key. What lies here is personal and sealed, so a row in a fenced table names the key before the object exists:
 * an erasure then knows what to delete, and an upload in flight is found by the sweeper.
 */
export interface ObjectStore {
  /** Whole or not at all, and durable once it returns. Replaces what was there. Returns the size. */
  put(key: string, body: ObjectBody): Promise<number>;
  /** As `put`, and never replaces: false if there was one. For what is small, and for what must stay as it was written. */
  putNew(key: string, content: Uint8Array): Promise<boolean>;
  /** Throws OBJECT_NOT_FOUND. */
  get(key: string): Promise<Readable>;
  exists(key: string): Promise<boolean>;
  /** All versions of it. False if there was none: a second delete is no error. */
  delete(key: string): Promise<boolean>;
  /** Keys that begin with `prefix` (empty, or ending in '/'), in order. */
  list(prefix: string): AsyncIterable<StoredObject>;
}

/** Of a bucket; else they come as they do to any AWS client. */
export interface ObjectCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** Injection token of the service's objects. */
export const OBJECT_STORE = Symbol('ObjectStore');

/** By URL: `file:///folder`, or `s3://bucket/prefix` with `?region=`, `?endpoint=`, `?path_style=true`. */
export async function openObjectStore(url: string, credentials?: ObjectCredentials): Promise<ObjectStore> {
  const { protocol } = new URL(url);
  if (protocol === 'file:') return FolderStore.open(url);
  if (protocol === 's3:') return S3Store.open(url, credentials);
  throw new DomainError('OBJECTS_UNKNOWN', 'failed-precondition', {
    message: `no objects can lie in ${protocol.slice(0, -1)}: name file:///folder or s3://bucket/prefix`,
    metadata: { scheme: protocol.slice(0, -1) },
  });
}
