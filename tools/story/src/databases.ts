import pg from 'pg';
import { type ServiceName } from '@heed/contracts';

/** The story looks into the databases to count what happened. It writes there only to attack (step-fence.ts). */
export class Databases {
  private readonly pools = new Map<string, pg.Pool>();

  /** `superuser` sees every tenant; an URL of PostgreSQL's superuser. */
  constructor(private readonly superuser: string) {}

  async rows<R extends object>(service: ServiceName, sql: string, parameters: unknown[] = []): Promise<R[]> {
    const { rows } = await this.pool(`heed_${service}`).query<R>(sql, parameters);
    return rows;
  }

  async count(service: ServiceName, sql: string, parameters: unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ count: string }>(service, sql, parameters);
    return Number(row?.count ?? 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  private pool(database: string): pg.Pool {
    let pool = this.pools.get(database);
    if (!pool) {
      const url = new URL(this.superuser);
      url.pathname = `/${database}`;
      pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'heed story' });
      // The server may be stopped before the pool; an idle connection that falls is no failure of the story.
      pool.on('error', () => undefined);
      this.pools.set(database, pool);
    }
    return pool;
  }
}
