import { DomainError } from '@heed/kernel';
import type pg from 'pg';
import { type DataSource, type EntityManager } from 'typeorm';
import { type PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { type QueryResult } from 'typeorm/query-runner/QueryResult.js';
import { reduced } from './database-failure.js';

/**
 * TypeORM on a connection that already is inside a transaction of ours: entities and plain SQL share it, whatever its
 * role. It believes itself one level deep, so `manager.save` opens no transaction of its own and `manager.transaction`
 * becomes a savepoint; ending the outer transaction is the UnitOfWork's alone.
 */
class BoundQueryRunner extends PostgresQueryRunner {
  constructor(driver: PostgresDriver, client: pg.ClientBase) {
    super(driver, 'master');
    this.databaseConnection = client;
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  override query<T = unknown>(query: string, parameters?: unknown[]): Promise<T>;
  override query<T = unknown>(
    query: string,
    parameters: unknown[] | undefined,
    useStructuredResult: true,
  ): Promise<QueryResult<T>>;
  override async query(query: string, parameters?: unknown[], structured?: boolean): Promise<unknown> {
    try {
      return await (structured ? super.query(query, parameters, structured) : super.query(query, parameters));
    } catch (error) {
      throw reduced(error);
    }
  }

  override commitTransaction(): Promise<void> {
    return this.transactionDepth > 1 ? super.commitTransaction() : Promise.reject(notYours());
  }

  override rollbackTransaction(): Promise<void> {
    return this.transactionDepth > 1 ? super.rollbackTransaction() : Promise.reject(notYours());
  }

  /** The connection goes back to its pool when the UnitOfWork ends. */
  override release(): Promise<void> {
    return Promise.resolve();
  }
}

function notYours(): DomainError {
  return new DomainError('TRANSACTION_NOT_YOURS', 'internal', {
    message: 'the transaction ends when the work given to the UnitOfWork returns or throws',
  });
}

export function boundManager(dataSource: DataSource, client: pg.ClientBase): EntityManager {
  const runner = new BoundQueryRunner(dataSource.driver as PostgresDriver, client);
  const manager = dataSource.createEntityManager(runner);
  // As DataSource.createQueryRunner does: a subscriber finds the manager on the runner.
  Object.assign(runner, { manager });
  return manager;
}
