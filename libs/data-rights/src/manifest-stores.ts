import { type DeclaredStore, type Manifest, type SubjectTable } from '@heed/data-map';
import { canonicalJson, sha256, verifySignature, type SigningKey } from '@heed/kernel';

const PREFIX = Buffer.from('heed manifest v1\n');

/** A store that must answer each order. */
export type AnsweringStore = SubjectTable | DeclaredStore;

/**
 * Tables about people, and all that is no table. A tenant's own tables are about nobody; those of the frame hold ids,
 * which lead to no person once the others have answered.
 */
export function answeringStores(manifest: Manifest): AnsweringStore[] {
  return manifest.stores.filter(
    (store) => store.kind !== 'table' || store.of === 'subject',
  ) as AnsweringStore[];
}

/** The name of a store in answers: `contacts.endpoint`. */
export function answerName(service: string, store: { name: string }): string {
  return `${service}.${store.name}`;
}

export function answerNames(manifest: Manifest): string[] {
  return answeringStores(manifest)
    .map((store) => answerName(manifest.service, store))
    .sort();
}

/** The bytes whose digest is the manifest's version. */
export function manifestBytes({ version: _version, ...content }: Manifest): Buffer {
  return Buffer.from(canonicalJson(content));
}

export function signManifest(manifest: Manifest, key: SigningKey): Buffer {
  return key.sign(Buffer.concat([PREFIX, manifestBytes(manifest)]));
}

export function isManifestSignedBy(bytes: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return verifySignature(publicKey, Buffer.concat([PREFIX, bytes]), signature);
}

/** A manifest from the bytes that were signed; its version follows from them. */
export function readManifest(bytes: Uint8Array): Manifest {
  const content = JSON.parse(Buffer.from(bytes).toString('utf8')) as Omit<Manifest, 'version'>;
  return { ...content, version: sha256(bytes).toString('hex') };
}
