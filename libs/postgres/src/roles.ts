import { DomainError } from '@heed/kernel';

/**
 * What a connection is for. Each is a login of its own, `<service>_<role>`:
 * - `owner` migrates and owns every table;
 * - `service` does the ordinary work, one tenant at a time behind row-level security;
 * - `eraser` alone sees retained rows, marks rows as retained and lowers `live` (libs/data-rights);
 * - `relay` reads the outbox across tenants;
 * - `import` owns staging tables, because COPY is refused under row-level security;
 * - `probe` only reads, past row-level security, to show that nothing is left;
 * - `bus` reads another service's outbox where the bus is the embedded one;
 * - `backup` copies all of it, and only reads. No service is given its password.
 */
export type DatabaseRole = 'owner' | 'service' | 'eraser' | 'relay' | 'import' | 'probe' | 'bus' | 'backup';

export const databaseRoles: readonly DatabaseRole[] = [
  'owner',
  'service',
  'eraser',
  'relay',
  'import',
  'probe',
  'bus',
  'backup',
];

/** Only contacts takes in files that are large enough for COPY. */
const IMPORTING_SERVICES = new Set(['contacts']);

export function rolesOf(service: string): DatabaseRole[] {
  return databaseRoles.filter((role) => role !== 'import' || IMPORTING_SERVICES.has(service));
}

export function loginOf(service: string, role: DatabaseRole): string {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(service)) {
    throw new DomainError('SERVICE_NAME_INVALID', 'internal', { metadata: { service } });
  }
  return `${service}_${role}`;
}

/** One password for all roles, or one each with `default` for those not named. */
export type Passwords = string | (Partial<Record<DatabaseRole, string>> & { default?: string });

export function passwordOf(passwords: Passwords, role: DatabaseRole): string {
  const password = typeof passwords === 'string' ? passwords : (passwords[role] ?? passwords.default);
  if (!password) {
    throw new DomainError('DATABASE_PASSWORD_MISSING', 'failed-precondition', {
      message: `no password for the database role ${role}: set HEED_DATABASE_PASSWORD or HEED_DATABASE_PASSWORD_${role.toUpperCase()}`,
      metadata: { role },
    });
  }
  return password;
}

/** `url` names server and database; the login is the role's. */
export function connectionUrl(
  url: string,
  login: { service: string; role: DatabaseRole; passwords: Passwords },
): string {
  const target = new URL(url);
  target.username = loginOf(login.service, login.role);
  target.password = encodeURIComponent(passwordOf(login.passwords, login.role));
  return target.toString();
}
