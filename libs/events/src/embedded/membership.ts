import { type Database } from '@heed/postgres';
import { type PoolClient } from 'pg';

/**
 * Which member of a group reads a source. One advisory lock for each, on one connection to the service's own database:
 * a killed member's locks are free the moment its connection closes. The lock spares two members the same work; what
 * keeps an event from having effect twice is the cursor, compared and set in the handler's transaction.
 */
export class Membership {
  private connection: Promise<PoolClient> | undefined;
  private readonly leads = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Takes the lead of `name` if it is free. True as long as the connection that holds it lives. */
  async lead(name: string): Promise<boolean> {
    const connection = await this.connected();
    if (this.leads.has(name)) return true;
    const { rows } = await this.inTurn(() =>
      connection.query<{ held: boolean }>(
        `select pg_try_advisory_lock(hashtextextended('heed.bus.' || $1, 0)) as held`,
        [name],
      ),
    );
    if (rows[0]?.held && this.connection !== undefined) this.leads.add(name);
    return this.leads.has(name);
  }

  holds(name: string): boolean {
    return this.leads.has(name);
  }

  async giveUp(name: string): Promise<void> {
    if (!this.leads.delete(name)) return;
    const connection = await this.connection?.catch(() => undefined);
    if (!connection) return;
    await this.inTurn(() =>
      connection.query(`select pg_advisory_unlock(hashtextextended('heed.bus.' || $1, 0))`, [name]),
    ).catch(() => undefined);
  }

  async close(): Promise<void> {
    const open = this.connection;
    this.forget();
    const connection = await open?.catch(() => undefined);
    connection?.release(true);
  }

  /** All sources share the connection, and pg gives up queueing for callers (9.0). */
  private inTurn<T>(query: () => Promise<T>): Promise<T> {
    const answer = this.last.then(query);
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private connected(): Promise<PoolClient> {
    if (this.connection === undefined) {
      const opening = this.database.pool('relay').connect();
      this.connection = opening.then((connection) => {
        connection.once('error', () => {
          if (this.connection !== opened) return;
          this.forget();
          connection.release(true);
        });
        return connection;
      });
      const opened = this.connection;
      opened.catch(() => this.connection === opened && this.forget());
    }
    return this.connection;
  }

  private forget(): void {
    this.connection = undefined;
    this.leads.clear();
  }
}
