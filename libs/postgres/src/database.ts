import pg from 'pg';
import { DataSource } from 'typeorm';
import { reduced } from './database-failure.js';
import { connectionUrl, type DatabaseRole, type Passwords } from './roles.js';
import { SnakeNaming } from './snake-naming.js';

export type EntityClass = new () => object;

/**
 * `consent`: a pool of its own for opt-outs, so that no import or campaign can keep one waiting for a connection.
 * `copy`: the role `import` on connections that can COPY.
 */
export type PoolName = DatabaseRole | 'consent' | 'copy';

export interface DatabaseOptions {
  service: string;
  /** Server and database, without a user: postgres://host:port/heed_contacts */
  url: string;
  passwords: Passwords;
  entities?: EntityClass[];
  poolSizes?: Partial<Record<PoolName, number>>;
}

// Six services share one server with max_connections = 300: 32 connections each at most, opened when they are needed.
const POOL_SIZES: Record<PoolName, number> = {
  service: 12,
  consent: 4,
  eraser: 3,
  relay: 3,
  import: 2,
  copy: 2,
  bus: 3,
  probe: 2,
  owner: 1,
  backup: 1,
};

// How long the server lets one statement run and wait for a lock. The eraser waits for inserts in flight: 16 hot
// inserters starved it for 2.1 s. A migration's own limits are the migrator's.
const LIMITS_MS: Record<PoolName, { statement: number; lock: number }> = {
  service: { statement: 30_000, lock: 5_000 },
  consent: { statement: 5_000, lock: 3_000 },
  eraser: { statement: 60_000, lock: 10_000 },
  relay: { statement: 30_000, lock: 5_000 },
  import: { statement: 120_000, lock: 5_000 },
  copy: { statement: 120_000, lock: 5_000 },
  bus: { statement: 30_000, lock: 5_000 },
  probe: { statement: 300_000, lock: 5_000 },
  owner: { statement: 0, lock: 5_000 },
  backup: { statement: 0, lock: 5_000 },
};

/**
 * How long anybody waits for a connection, a free one or a new one. A busy server may be seconds late without being
 * away; whoever cannot wait has a deadline of their own.
 */
const CONNECT_WITHIN_MS = 15_000;

const DATE_OID = 1082;

/** One service's database: a pool for each role, opened at first use, and TypeORM's knowledge of the entities. */
export class Database {
  readonly service: string;
  readonly url: string;
  private readonly pools = new Map<PoolName, pg.Pool>();
  private readonly clients = new Set<pg.PoolClient>();
  private opening: Promise<DataSource> | undefined;
  private opened: DataSource | undefined;
  private closed = false;
  private ending: Promise<void> | undefined;

  constructor(private readonly options: DatabaseOptions) {
    this.service = options.service;
    this.url = options.url;
  }

  /** Reads the entities; waits for the server once. A database without entities has nothing to open. */
  async open(): Promise<void> {
    if (this.opened || !this.options.entities?.length) return;
    this.opening ??= this.initialise();
    try {
      this.opened = await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw reduced(error);
    }
  }

  /** TypeORM's view of the entities (after `open`). Work goes through a UnitOfWork, which binds it to a transaction. */
  get dataSource(): DataSource {
    if (!this.opened) throw new Error('the database is not open, or was given no entities');
    return this.opened;
  }

  pool(name: PoolName): pg.Pool {
    if (this.closed) throw new Error('the database is closed');
    let pool = this.pools.get(name);
    if (!pool) {
      pool = new pg.Pool(this.poolConfig(name));
      // The pool replaces a connection that the server ended; without a listener the process would end with it.
      pool.on('error', () => undefined);
      pool.on('connect', (client) => this.clients.add(client));
      pool.on('remove', (client) => this.clients.delete(client));
      this.pools.set(name, pool);
    }
    return pool;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.ending ??= this.end();
    await this.ending;
  }

  private async end(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    const opened = await this.opening?.catch(() => undefined);
    if (opened?.isInitialized) await opened.destroy();
  }

  private poolConfig(name: PoolName): pg.PoolConfig {
    const role = roleOf(name);
    return {
      connectionString: connectionUrl(this.url, { ...this.options, role }),
      application_name: `heed ${this.service} ${name}`,
      max: this.options.poolSizes?.[name] ?? POOL_SIZES[name],
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      keepAlive: true,
      statement_timeout: LIMITS_MS[name].statement,
      lock_timeout: LIMITS_MS[name].lock,
      // A worker that hangs between two statements would hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      types: { getTypeParser: parserFor },
      // Statements are sent without waiting for the answer to BEGIN. Not where COPY is used: the driver refuses it then.
      ...{ pipeline: name !== 'copy' },
    };
  }

  /** Cuts every connection, as the end of the process would: what is not committed rolls back, nothing new begins. */
  kill(): void {
    this.closed = true;
    // With a query in flight `end` destroys the socket instead of waiting for the answer.
    for (const client of this.clients) void client.end().catch(() => undefined);
  }

  private async initialise(): Promise<DataSource> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: connectionUrl(this.url, { ...this.options, role: 'service' }),
      applicationName: `heed ${this.service} entities`,
      entities: this.options.entities,
      namingStrategy: new SnakeNaming(),
      synchronize: false,
      installExtensions: false,
      logging: false,
      // Only the look at the server's version goes through this pool.
      poolSize: 1,
      extra: { idleTimeoutMillis: 1_000, connectionTimeoutMillis: CONNECT_WITHIN_MS },
      // findOneBy({ id: undefined }) would return the first row of the table.
      invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    });
    await dataSource.initialize();
    return dataSource;
  }
}

function roleOf(pool: PoolName): DatabaseRole {
  if (pool === 'consent') return 'service';
  return pool === 'copy' ? 'import' : pool;
}

/** A `date` has no time and no zone: the driver's Date of local midnight would be another day elsewhere. */
const parserFor: pg.CustomTypesConfig['getTypeParser'] = (oid, format) =>
  (oid as number) === DATE_OID
    ? (value: string) => value
    : pg.types.getTypeParser(oid as number, format as 'text');
