import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SigningKey } from '@heed/kernel';
import { rolesOf, type DatabaseRole } from '@heed/postgres';
import { readJson, writeJson } from './json-file.js';
import { serviceNames, type ServiceName } from './services.js';

export interface Secrets {
  /** Lets a service register its public key with identity. */
  registration: string;
  /** Lets the first operator be made; identity's alone. */
  bootstrap: string;
  /** A password for each role of each service. */
  databases: Record<ServiceName, Partial<Record<DatabaseRole, string>>>;
}

export interface KeyFiles {
  signing: string;
  master: string;
  /** The transparency log's own key; privacy's alone. */
  log?: string;
  /** Signs members' tokens; identity's alone. */
  token?: string;
}

/** Secrets of this data folder, made once. All files are mode 0600 in a folder of mode 0700. */
export function secretsIn(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'secrets.json');
  const known = readJson<Secrets>(file);
  if (known) return withLaterRoles(known, file);
  // One for all: with the embedded bus a consumer reads the outbox of each producer under this role.
  const bus = secret();
  const databases = Object.fromEntries(
    serviceNames.map((service) => [
      service,
      Object.fromEntries(rolesOf(service).map((role) => [role, role === 'bus' ? bus : secret()])),
    ]),
  ) as Secrets['databases'];
  const made: Secrets = { registration: secret(), bootstrap: secret(), databases };
  writeJson(file, made);
  return made;
}

/** A data folder may be older than a role that there is now. */
function withLaterRoles(secrets: Secrets, file: string): Secrets {
  let added = false;
  for (const service of serviceNames) {
    for (const role of rolesOf(service)) {
      if (secrets.databases[service][role] !== undefined) continue;
      secrets.databases[service][role] = secret();
      added = true;
    }
  }
  if (added) writeJson(file, secrets);
  return secrets;
}

/** The keys of a service: Ed25519 to sign, 32 bytes to wrap the keys of subjects. */
export function keyFilesOf(folder: string, service: ServiceName): KeyFiles {
  const files: KeyFiles = {
    signing: join(folder, `${service}.pem`),
    master: join(folder, `${service}.master`),
    log: service === 'privacy' ? join(folder, 'log.pem') : undefined,
    token: service === 'identity' ? join(folder, 'tokens.pem') : undefined,
  };
  for (const file of [files.signing, files.log, files.token]) {
    if (file) SigningKey.load(file, { create: true });
  }
  if (!existsSync(files.master)) {
    writeFileSync(files.master, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return files;
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
