import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, verifySignature, type SigningKey } from '@heed/kernel';
import { type ObjectFile } from '../backup/backup-record.js';
import { type AppliedMigration } from '../backup/catalogue.js';
import { Checksum } from '../backup/checksum.js';
import { type CursorThen } from '../backup/demand-log.js';
import { writeJson } from '../cluster/json-file.js';
import { type ServiceName } from '../cluster/services.js';
import { type ServerCopy } from './copy-server.js';

export interface ServiceInCopy {
  service: ServiceName;
  migrations: Record<'main' | 'keys', AppliedMigration[]>;
  /** Before the copy's end: from where its consumers would have to read on, or from later. */
  cursors: CursorThen[];
  objects: ObjectFile[];
}

/** What a folder of a physical backup holds: a whole server, and what lies in the object store beside it. */
export interface PhysicalRecord {
  format: 'heed-physical-backup/1';
  backupId: string;
  takenAt: string;
  /** It holds keys beside what they open: whoever is erased must be gone from it by then. */
  expiresAt: string;
  server: ServerCopy;
  services: ServiceInCopy[];
}

const RECORD = 'physical-backup.json';
/** Of the superuser of the server by then; it listens on this machine alone, and what it guards is in the folder. */
export const PASSWORD = 'password';
export const SERVER = 'server';
export const objectsIn = (service: ServiceName): string => join('objects', service);

/** Last of all: a folder without one is no backup. */
export function writePhysicalRecord(folder: string, record: PhysicalRecord, key: SigningKey): void {
  const signature = key.sign(Buffer.from(canonicalJson(record))).toString('base64');
  writeJson(join(folder, RECORD), { record, signature });
}

/** Reads what a folder says of itself and holds everything against it, before anything is touched. */
export async function readPhysicalRecord(
  folder: string,
  { key, now }: { key: SigningKey; now: Date },
): Promise<PhysicalRecord> {
  const record = signedRecord(folder, key);
  if (now.getTime() >= Date.parse(record.expiresAt)) {
    throw new Error(
      `${folder} has expired (${record.expiresAt}): it holds keys of people who may have been erased since, whose ` +
        'certificates say that it is gone by now. Remove it, and take a younger one or a logical backup (npm run restore -- all)',
    );
  }
  for (const { path, bytes, sha256 } of record.server.files) {
    await demandFile(join(folder, SERVER, path), sha256, bytes);
  }
  for (const { service, objects } of record.services) {
    for (const { file, sha256 } of objects) await demandFile(join(folder, objectsIn(service), file), sha256);
  }
  return record;
}

async function demandFile(path: string, sha256: string, bytes?: number): Promise<void> {
  if (!existsSync(path)) throw new Error(`the backup is damaged: ${path} is missing`);
  const { size } = statSync(path);
  // Most are small, and there are thousands: a stream for each takes longer than all the hashing.
  const read = size <= 2 ** 20 ? Checksum.of(readFileSync(path)) : await Checksum.ofFile(path);
  if (read === sha256 && (bytes ?? size) === size) return;
  throw new Error(`the backup is damaged: ${path} is not what was written`);
}

function signedRecord(folder: string, key: SigningKey): PhysicalRecord {
  let read: { record: PhysicalRecord; signature: string };
  try {
    read = JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as typeof read;
  } catch {
    throw new Error(`${folder} is no physical backup that was finished: ${RECORD} is missing or unreadable`);
  }
  const { record, signature } = read;
  if (record?.format !== 'heed-physical-backup/1') throw new Error(`${folder} is of another format`);
  const signed = Buffer.from(signature ?? '', 'base64');
  if (!verifySignature(key.publicKey, Buffer.from(canonicalJson(record)), signed)) {
    throw new Error(
      `${folder} was not made by this installation, or was changed: it bears no signature of its backup key ` +
        `(keys/backup.pem; put the one of the installation that made it there)`,
    );
  }
  return record;
}
