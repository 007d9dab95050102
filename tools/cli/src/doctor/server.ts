import type pg from 'pg';
import { quietSettings } from '@heed/postgres';
import { when, type Finding } from './finding.js';

const MAJOR = 18;
/** Six services of 31 connections at most, and some for people. */
const CONNECTIONS = 200;

/** The server's settings, as one service's database sees them: a setting may be another for one database. */
export async function serverFindings(
  service: string,
  client: pg.Client,
  production: boolean,
): Promise<Finding[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1)',
    [[...WATCHED, ...Object.keys(quietSettings)]],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const of = (name: string): string => settings.get(name) ?? '(unknown)';
  const about = (setting: string): string => `${service} postgres ${setting}`;
  const version = Number(of('server_version_num'));
  const standby = of('synchronous_standby_names');
  return [
    when(Math.floor(version / 10_000) < MAJOR, 'error', about('version'), of('server_version'), {
      why: 'I5: the fence is a stored generated column under a foreign key, and snapshots are read as 18 writes them',
      cure: `upgrade the server to PostgreSQL ${MAJOR}`,
    }),
    when(of('fsync') !== 'on', 'error', about('fsync'), of('fsync'), {
      why: 'I5, I9: a crash of the machine loses opt-outs and erasures that were acknowledged',
      cure: 'fsync = on in postgresql.conf, restart',
    }),
    when(
      !['on', 'remote_apply', 'remote_write', 'local'].includes(of('synchronous_commit')),
      'error',
      about('synchronous_commit'),
      of('synchronous_commit'),
      {
        why: 'I2, I5: an opt-out that was acknowledged is lost in a crash',
        cure: 'synchronous_commit = on, also for roles and databases (alter role ... reset synchronous_commit)',
      },
    ),
    when(
      standby === '' && ['contacts', 'privacy'].includes(service),
      production ? 'error' : 'note',
      about('synchronous_standby_names'),
      standby === '' ? '(none)' : standby,
      {
        why: 'I2, I5: a failover forgets what no standby has; in production contacts issues no permits without one',
        cure: 'set up a standby and name it in synchronous_standby_names',
      },
    ),
    when(
      of('track_commit_timestamp') !== 'on',
      'warning',
      about('track_commit_timestamp'),
      of('track_commit_timestamp'),
      {
        why: 'I2: how long after an opt-out the last message began cannot be measured',
        cure: 'track_commit_timestamp = on, restart',
      },
    ),
    when(of('wal_level') === 'minimal', 'error', about('wal_level'), of('wal_level'), {
      why: 'I5: without an archive or standby there is no copy to restore opt-outs from',
      cure: 'wal_level = replica, restart',
    }),
    when(
      Number(of('max_connections')) < CONNECTIONS,
      'warning',
      about('max_connections'),
      of('max_connections'),
      {
        why: 'I2: an opt-out that finds no connection waits',
        cure: `max_connections = ${CONNECTIONS} or more where the six share a server, restart`,
      },
    ),
    ...Object.entries(quietSettings)
      .filter(([setting]) => setting.startsWith('log_'))
      .map(([setting, wanted]) =>
        when(of(setting) !== wanted, 'error', about(setting), of(setting), {
          why: 'I4, I5: the server writes values of people into its own log, which no erasure reaches',
          cure: `alter database ... set ${setting} = '${wanted}' (as a superuser; npm start does it)`,
        }),
      ),
  ];
}

const WATCHED = [
  'server_version',
  'server_version_num',
  'fsync',
  'synchronous_commit',
  'synchronous_standby_names',
  'track_commit_timestamp',
  'wal_level',
  'max_connections',
];
