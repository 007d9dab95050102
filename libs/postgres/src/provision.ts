import { DomainError } from '@heed/kernel';
import pg from 'pg';
import { reduced } from './database-failure.js';
import { loginOf, passwordOf, rolesOf, type DatabaseRole, type Passwords } from './roles.js';

export interface ProvisionOptions {
  /** A superuser's URL, of any database of the server. */
  superuserUrl: string;
  service: string;
  passwords: Passwords;
  /** `heed_<service>` and `heed_<service>_keys` unless a test says otherwise. */
  databases?: { main: string; keys: string };
}

/** Who may connect to the keys of a service: nobody who has no business with sealed bodies. */
const KEY_ROLES: readonly DatabaseRole[] = ['owner', 'service', 'eraser', 'import', 'probe', 'backup'];

export function keyRolesOf(service: string): DatabaseRole[] {
  return rolesOf(service).filter((role) => KEY_ROLES.includes(role));
}

export function databasesOf(service: string): { main: string; keys: string } {
  return { main: `heed_${service}`, keys: `heed_${service}_keys` };
}

/** Creates the logins and the two databases of a service, and sets the passwords. May be repeated at any time. */
export async function provision(options: ProvisionOptions): Promise<void> {
  await provisionRoles(options);
  const { main, keys } = options.databases ?? databasesOf(options.service);
  await provisionDatabase(options, main, rolesOf(options.service));
  await provisionDatabase(options, keys, keyRolesOf(options.service));
}

export async function provisionRoles(options: ProvisionOptions): Promise<void> {
  await asSuperuser(options.superuserUrl, async (client) => {
    // Roles belong to the whole server: services that are provisioned at once would collide in its catalogue.
    await client.query(`begin; select pg_advisory_xact_lock(hashtextextended('heed.provision', 0))`);
    for (const role of rolesOf(options.service)) {
      const login = pg.escapeIdentifier(loginOf(options.service, role));
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [
        loginOf(options.service, role),
      ]);
      // Probe and backup alone pass row-level security: they must find, and keep, what a policy would hide.
      const reader = role === 'probe' || role === 'backup';
      const rights = `login nosuperuser nocreatedb nocreaterole noreplication ${reader ? 'bypassrls' : 'nobypassrls'}`;
      const password = pg.escapeLiteral(passwordOf(options.passwords, role));
      await client.query(
        `${rowCount ? 'alter' : 'create'} role ${login} with ${rights} password ${password}`,
      );
      if (reader) await client.query(`alter role ${login} set default_transaction_read_only = on`);
      // A table that is added later must be in the next backup without anybody's doing.
      if (role === 'backup') await client.query(`grant pg_read_all_data to ${login}`);
      if (role === 'import') {
        // The owner hands staging tables over to this role and goes on migrating them.
        await client.query(
          `grant ${login} to ${pg.escapeIdentifier(loginOf(options.service, 'owner'))} with inherit true, set true`,
        );
      }
    }
    await client.query('commit');
  });
}

/** Creates one database of a service, or brings its settings and who may connect up to date. */
export async function provisionDatabase(
  options: Pick<ProvisionOptions, 'superuserUrl' | 'service'>,
  database: string,
  roles: readonly DatabaseRole[],
  template?: string,
): Promise<void> {
  const name = pg.escapeIdentifier(database);
  await asSuperuser(options.superuserUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!rowCount) {
      const owner = pg.escapeIdentifier(loginOf(options.service, 'owner'));
      const from = template ? ` template ${pg.escapeIdentifier(template)}` : '';
      try {
        await client.query(`create database ${name} owner ${owner}${from}`);
      } catch (error) {
        // 42P04, 23505: another one was faster.
        if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
      }
    }
    await client.query(`revoke connect, temporary on database ${name} from public`);
    const logins = roles.map((role) => pg.escapeIdentifier(loginOf(options.service, role))).join(', ');
    await client.query(`grant connect on database ${name} to ${logins}`);
    for (const [setting, value] of Object.entries(quietSettings)) {
      await client.query(`alter database ${name} set ${setting} = ${pg.escapeLiteral(value)}`);
    }
  });
}

/**
 * PostgreSQL's own log quotes values: DETAIL of a violated key, the statement of an error, its parameters, and messages
 * such as `invalid input syntax ... "value"`. Only a superuser may set these, hence here.
 */
export const quietSettings: Readonly<Record<string, string>> = {
  log_error_verbosity: 'terse',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  timezone: 'UTC',
};

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'heed provision' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    if ((error as { code?: string }).code === '42501') {
      throw new DomainError('SUPERUSER_REQUIRED', 'failed-precondition', {
        message: 'creating roles and databases needs a superuser: look at HEED_POSTGRES_URL',
      });
    }
    throw reduced(error);
  } finally {
    await client.end();
  }
}
