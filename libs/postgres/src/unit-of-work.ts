import { DomainError, isDomainError, isUuid } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import type pg from 'pg';
import { type Database, type PoolName } from './database.js';
import { reduced, unreachable } from './database-failure.js';
import { type DatabaseRole } from './roles.js';
import {
  asTenant,
  OpenTransaction,
  TenantlessTx,
  tenantInvalid,
  TenantTx,
  type AcrossTx,
  type Tx,
} from './transaction.js';

export interface RunOptions {
  role?: DatabaseRole;
  /** Takes the connection from the pool that is kept for opt-outs. */
  priority?: 'consent';
  /** As role `import`: on a connection that can COPY. Its statements are sent one by one. */
  copies?: boolean;
  /** Ends any statement of this transaction that runs longer. */
  timeoutMs?: number;
}

/** Hears of errors in afterCommit callbacks: the transaction stands, nobody is left to throw them to. */
export type ErrorReport = (error: unknown) => void;

const log = logger({ component: 'postgres' });

/**
 * One transaction, one tenant, one role. It commits when the work returns and rolls back when it throws; the error that
 * leaves it never carries what PostgreSQL quotes of the row.
 */
export class UnitOfWork {
  constructor(
    private readonly db: Database,
    private readonly report: ErrorReport = (error) => log.error('work after a commit failed', { error }),
  ) {}

  run<T>(tenantId: string, work: (tx: Tx) => Promise<T>, options: RunOptions = {}): Promise<T> {
    if (!isUuid(tenantId)) return Promise.reject(tenantInvalid());
    const role = options.role ?? 'service';
    if (options.priority === 'consent' && role !== 'service') {
      return Promise.reject(new DomainError('PRIORITY_WITHOUT_POOL', 'internal', { metadata: { role } }));
    }
    if (options.copies && role !== 'import') {
      return Promise.reject(new DomainError('COPY_WITHOUT_POOL', 'internal', { metadata: { role } }));
    }
    return this.transaction(
      options.copies ? 'copy' : (options.priority ?? role),
      role,
      tenantId,
      (open) => work(new TenantTx(open, tenantId)),
      options.timeoutMs,
    );
  }

  runAcross<T>(
    role: DatabaseRole,
    work: (tx: AcrossTx) => Promise<T>,
    options: { timeoutMs?: number } = {},
  ): Promise<T> {
    return this.transaction(role, role, undefined, (open) => work(new TenantlessTx(open)), options.timeoutMs);
  }

  private async transaction<T>(
    pool: PoolName,
    role: DatabaseRole,
    tenantId: string | undefined,
    work: (open: OpenTransaction) => Promise<T>,
    timeoutMs: number | undefined,
  ): Promise<T> {
    await this.db.open();
    const client = await this.connect(pool);
    // A connection that breaks between two statements says so by an event; the next statement then fails by itself.
    const broken = (): undefined => undefined;
    client.on('error', broken);
    const open = new OpenTransaction(this.db, client, role, tenantId);
    let fit = true;
    try {
      const result = await this.untilCommitted(open, beginning(tenantId, timeoutMs), work);
      this.announce(open);
      return result;
    } catch (error) {
      open.end();
      fit = await rolledBack(client);
      throw reduced(error);
    } finally {
      client.off('error', broken);
      client.release(!fit);
    }
  }

  private async untilCommitted<T>(
    open: OpenTransaction,
    begin: string,
    work: (open: OpenTransaction) => Promise<T>,
  ): Promise<T> {
    // Not waited for: the first statement of the work travels behind it (`pipeline` in database.ts). What fails after BEGIN leaves
    // a transaction in which nothing more runs.
    await open.send(begin);
    const result = await workedThrough(open, work);
    open.end();
    const { command } = await this.commit(open);
    await open.answered();
    if (open.failure !== undefined) throw open.failure;
    // PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error.
    if (command !== 'COMMIT') {
      throw new DomainError('TRANSACTION_ROLLED_BACK', 'internal', {
        message: 'a statement failed, its error was swallowed, and nothing was committed',
      });
    }
    return result;
  }

  private async commit(open: OpenTransaction): Promise<pg.QueryResult> {
    try {
      return await open.run('commit');
    } catch (error) {
      if (!isDomainError(error, 'DATABASE_UNAVAILABLE')) throw error;
      throw new DomainError('COMMIT_OUTCOME_UNKNOWN', 'unavailable', {
        message: 'the connection broke at the commit: it may stand or not',
        cause: error,
      });
    }
  }

  private async connect(pool: PoolName): Promise<pg.PoolClient> {
    try {
      return await this.db.pool(pool).connect();
    } catch (error) {
      throw unreachable(error);
    }
  }

  /** Every callback has been called when `run` resolves; those that go on by themselves are not waited for. */
  private announce(open: OpenTransaction): void {
    const failed = (error: unknown): void => this.report(reduced(error));
    for (const callback of open.callbacks) {
      try {
        callback()?.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}

/** The work's result, or the error of the first statement that failed: those behind it only say that one did. */
async function workedThrough<T>(
  open: OpenTransaction,
  work: (open: OpenTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await work(open);
  } catch (error) {
    throw open.failure ?? error;
  }
}

/** BEGIN and the tenant in one message. */
function beginning(tenantId: string | undefined, timeoutMs: number | undefined): string {
  const limit =
    timeoutMs === undefined ? '' : `; set local statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`;
  return `begin${limit}; ${asTenant(tenantId)}`;
}

async function rolledBack(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
