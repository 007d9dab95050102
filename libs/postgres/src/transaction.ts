import { type Writable } from 'node:stream';
import { DomainError, isUuid } from '@heed/kernel';
import type pg from 'pg';
import { type EntityManager } from 'typeorm';
import { boundManager } from './bound-query-runner.js';
import { type Database } from './database.js';
import { reduced } from './database-failure.js';
import { type DatabaseRole } from './roles.js';

/**
 * A statement that a connection parses and plans once. Only for one whose plan cannot be wrong, whatever the tables hold
 * later: an insert of given rows, not a look-up. A name is one text, for ever.
 */
export interface Prepared {
  name: string;
  text: string;
}

export type Sql = string | Prepared;

/** What a piece of work can do inside a transaction, whatever its tenant. */
export interface Statements {
  readonly role: DatabaseRole;
  /** TypeORM on this very connection. */
  readonly manager: EntityManager;
  /** The driver, for COPY. Its errors carry values: they are reduced when they leave the UnitOfWork. */
  readonly client: pg.ClientBase;
  query<R extends object>(sql: Sql, params?: unknown[]): Promise<R[]>;
  /** Runs one statement and returns how many rows it affected. */
  execute(sql: Sql, params?: unknown[]): Promise<number>;
  /**
   * Sends a statement that answers nothing worth waiting for; the next one travels with it. Where it fails, the
   * transaction (or the savepoint it is in) fails with its error and not with that of what came behind.
   */
  send(sql: Sql, params?: unknown[]): Promise<void>;
  /** Runs once the commit is confirmed; what it throws is reported and changes nothing. */
  afterCommit(work: () => void | Promise<void>): void;
}

/** A transaction as one tenant: row-level security lets nothing else through. */
export interface Tx extends Statements {
  readonly tenantId: string;
  /** A part that may fail on its own: what it wrote is undone and the transaction goes on. */
  savepoint<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** A transaction that visits tenants one after another. Until it has entered one it sees no tenant's row. */
export interface AcrossTx extends Statements {
  /** From here on the transaction is this tenant's. A Tx of the tenant before can no longer be used. */
  enterTenant(tenantId: string): Promise<Tx>;
  savepoint<T>(work: (tx: AcrossTx) => Promise<T>): Promise<T>;
}

/**
 * The one place that knows which tenant a transaction is in. The tenant is a setting local to the transaction: it ends
 * with it, so a connection that goes back to its pool carries nobody.
 */
export class OpenTransaction {
  private current: string | undefined;
  private ended = false;
  private depth = 0;
  private cachedManager: EntityManager | undefined;
  private corked = false;
  private sent: Promise<unknown>[] = [];
  /** The error of the first statement that nobody waited for and that failed. */
  failure: unknown;
  readonly callbacks: (() => void | Promise<void>)[] = [];

  constructor(
    private readonly db: Database,
    readonly client: pg.ClientBase,
    readonly role: DatabaseRole,
    tenantId: string | undefined,
  ) {
    this.current = tenantId;
  }

  end(): void {
    this.ended = true;
  }

  get manager(): EntityManager {
    this.cachedManager ??= boundManager(this.db.dataSource, this.client);
    return this.cachedManager;
  }

  async run(sql: Sql, params?: unknown[]): Promise<pg.QueryResult> {
    this.cork();
    try {
      return await (typeof sql === 'string'
        ? this.client.query(sql, params)
        : this.client.query({ ...sql, values: params }));
    } catch (error) {
      throw reduced(error);
    }
  }

  async send(sql: Sql, params?: unknown[]): Promise<void> {
    const answer = this.run(sql, params).catch((error: unknown) => {
      this.failure ??= error;
    });
    this.sent.push(answer);
    // The one pool without a pipeline, for COPY.
    if (this.role === 'import') await answer;
  }

  /** Every statement that was sent has been answered. */
  async answered(): Promise<void> {
    await Promise.all(this.sent.splice(0));
  }

  /** What is sent until this turn ends leaves in one write: BEGIN, an event and COMMIT cost one system call, not three. */
  private cork(): void {
    if (this.corked) return;
    const stream = streamOf(this.client);
    if (stream === undefined) return;
    this.corked = true;
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }

  async enter(tenantId: string): Promise<void> {
    if (!isUuid(tenantId)) throw tenantInvalid();
    this.demandOpen();
    await this.send(asTenant(tenantId));
    this.current = tenantId;
  }

  demandOpen(): void {
    if (this.ended) {
      throw new DomainError('TRANSACTION_ENDED', 'internal', {
        message: 'the transaction has ended: something was not awaited, or kept the Tx',
      });
    }
  }

  demandTenant(tenantId: string): void {
    this.demandOpen();
    if (this.current !== tenantId) {
      throw new DomainError('TENANT_LEFT', 'internal', {
        message: 'this Tx is of a tenant that the transaction has left',
      });
    }
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    this.demandOpen();
    const name = `heed_${(this.depth += 1)}`;
    const tenant = this.current;
    const callbacks = this.callbacks.length;
    await this.run(`savepoint ${name}`);
    try {
      const result = await work();
      await this.answered();
      if (this.failure !== undefined) throw this.failure;
      await this.run(`release savepoint ${name}`);
      return result;
    } catch (error) {
      await this.run(`rollback to savepoint ${name}; release savepoint ${name}`);
      await this.answered();
      const cause = this.failure ?? error;
      this.failure = undefined;
      // PostgreSQL takes the tenant's setting back with the savepoint; so do we, and the callbacks of what is undone.
      this.current = tenant;
      this.callbacks.length = callbacks;
      throw reduced(cause);
    } finally {
      this.depth -= 1;
    }
  }
}

class StatementsOf implements Statements {
  constructor(protected readonly open: OpenTransaction) {}

  protected demand(): void {
    this.open.demandOpen();
  }

  get role(): DatabaseRole {
    return this.open.role;
  }

  get manager(): EntityManager {
    this.demand();
    return this.open.manager;
  }

  get client(): pg.ClientBase {
    this.demand();
    return this.open.client;
  }

  async query<R extends object>(sql: Sql, params?: unknown[]): Promise<R[]> {
    this.demand();
    return (await this.open.run(sql, params)).rows as R[];
  }

  async execute(sql: Sql, params?: unknown[]): Promise<number> {
    this.demand();
    return (await this.open.run(sql, params)).rowCount ?? 0;
  }

  async send(sql: Sql, params?: unknown[]): Promise<void> {
    this.demand();
    await this.open.send(sql, params);
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.demand();
    this.open.callbacks.push(work);
  }
}

export class TenantTx extends StatementsOf implements Tx {
  constructor(
    open: OpenTransaction,
    readonly tenantId: string,
  ) {
    super(open);
  }

  protected override demand(): void {
    this.open.demandTenant(this.tenantId);
  }

  async savepoint<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    this.demand();
    return this.open.savepoint(() => work(this));
  }
}

export class TenantlessTx extends StatementsOf implements AcrossTx {
  async enterTenant(tenantId: string): Promise<Tx> {
    await this.open.enter(tenantId);
    return new TenantTx(this.open, tenantId);
  }

  savepoint<T>(work: (tx: AcrossTx) => Promise<T>): Promise<T> {
    return this.open.savepoint(() => work(this));
  }
}

/**
 * The tenant of what follows, until the transaction ends. A simple statement, which takes no parameters: the uuid was
 * checked. SET and not set_config(): nothing is planned, no row comes back.
 */
export function asTenant(tenantId: string | undefined): string {
  return `set local heed.tenant = '${tenantId ?? ''}'`;
}

/** The driver's socket; it is no part of its types. */
function streamOf(client: pg.ClientBase): Writable | undefined {
  return (client as pg.ClientBase & { connection?: { stream?: Writable } }).connection?.stream;
}

export function tenantInvalid(): DomainError {
  return new DomainError('TENANT_INVALID', 'internal', { message: 'a tenant is named by its uuid' });
}
