import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, verifySignature, type SigningKey } from '@heed/kernel';
import { writeJson } from '../cluster/json-file.js';
import { serviceNames, type ServiceName } from '../cluster/services.js';
import { Checksum } from './checksum.js';
import { type DatabaseCopy } from './dump-database.js';

export interface ObjectFile {
  key: string;
  file: string;
  sha256: string;
}

/** What one folder of a backup holds of one service: its own database and objects, or its database of keys. */
export interface BackupRecord {
  format: 'heed-backup/1';
  kind: 'main' | 'keys';
  service: ServiceName;
  /** Of all that was copied by one run. */
  backupId: string;
  /** Before the snapshot: what was committed later may be missing. */
  takenAt: string;
  database: DatabaseCopy;
  objects: ObjectFile[];
}

export const RECORD = 'backup.json';

export function writeRecord(folder: string, record: BackupRecord, key: SigningKey): void {
  const signature = key.sign(Buffer.from(canonicalJson(record))).toString('base64');
  writeJson(join(folder, RECORD), { record, signature });
}

/**
 * Reads what a folder says of itself and holds everything against it, before anything is touched: whose it is, and that
 * each file is the one that was written.
 */
export async function readRecord(
  folder: string,
  expected: { service: ServiceName; kind: BackupRecord['kind']; key: SigningKey },
): Promise<BackupRecord> {
  const record = parsed(folder, expected.key);
  if (record.service !== expected.service || record.kind !== expected.kind) {
    throw new Error(
      `${folder} is a backup of ${record.service} (${record.kind}), not of ${expected.service} (${expected.kind})`,
    );
  }
  const files = [
    ...record.database.tables.map(({ file, sha256 }) => ({ path: join('database', file), sha256 })),
    ...record.objects.map(({ file, sha256 }) => ({ path: join('objects', file), sha256 })),
  ];
  for (const { path, sha256 } of files) {
    const whole = join(folder, path);
    if (!existsSync(whole)) throw new Error(`the backup is damaged: ${whole} is missing`);
    if ((await Checksum.ofFile(whole)) !== sha256) {
      throw new Error(`the backup is damaged: ${whole} is not what was written`);
    }
  }
  return record;
}

function parsed(folder: string, key: SigningKey): BackupRecord {
  let read: { record: BackupRecord; signature: string };
  try {
    read = JSON.parse(readFileSync(join(folder, RECORD), 'utf8')) as typeof read;
  } catch {
    throw new Error(`${folder} is no backup that was finished: ${RECORD} is missing or unreadable`);
  }
  const { record, signature } = read;
  if (record?.format !== 'heed-backup/1') throw new Error(`${folder} is of another format`);
  const signed = verifySignature(
    key.publicKey,
    Buffer.from(canonicalJson(record)),
    Buffer.from(signature ?? '', 'base64'),
  );
  if (!signed) {
    throw new Error(
      `${folder} was not made by this installation, or was changed: it bears no signature of its backup key ` +
        `(keys/backup.pem; put the one of the installation that made it there)`,
    );
  }
  return record;
}

/** The services of which a backup holds something. */
export function servicesIn(folder: string): ServiceName[] {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  return serviceNames.filter((name) => found.includes(name));
}
