import { type Queryable } from './migrate.js';
import { quietSettings } from './provision.js';

export interface ServerSettings {
  /** Settings under which PostgreSQL writes values into its own log: name, present value, value that it should have. */
  loud: { setting: string; value: string; wanted: string }[];
  /** A failover loses nothing: a commit waits until a standby has it. */
  rpoZero: boolean;
  /** A crash of the machine loses nothing. */
  durable: boolean;
  version: string;
}

/** What a service looks at when it boots, since the server need not be ours. As any role, in the service's database. */
export async function serverSettings(client: Queryable): Promise<ServerSettings> {
  const { rows } = await client.query('select name, setting from pg_settings where name = any ($1)', [
    [
      ...Object.keys(quietSettings),
      'synchronous_standby_names',
      'synchronous_commit',
      'fsync',
      'server_version',
    ],
  ]);
  const live = new Map((rows as { name: string; setting: string }[]).map((row) => [row.name, row.setting]));
  const of = (name: string): string => live.get(name) ?? '';
  return {
    loud: Object.entries(quietSettings)
      .filter(([setting, wanted]) => setting.startsWith('log_') && of(setting) !== wanted)
      .map(([setting, wanted]) => ({ setting, value: of(setting), wanted })),
    rpoZero:
      of('synchronous_standby_names') !== '' && ['on', 'remote_apply'].includes(of('synchronous_commit')),
    durable: of('fsync') === 'on' && of('synchronous_commit') !== 'off',
    version: of('server_version'),
  };
}
