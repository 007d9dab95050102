import { Injectable } from '@nestjs/common';
import { type Tx } from '@heed/postgres';

const MINUTE_MS = 60_000;

/** A minute in which no more may be asked for, and when the next one begins. */
export interface Exceeded {
  retryAfter: Date;
}

@Injectable()
export class MessageRateStore {
  /**
   * Takes one of so many places of this minute. One row a tenant, locked until the commit: to be the last that a
   * transaction does. Clocks of two processes may differ: a minute that is over does not come back.
   */
  async take(tx: Tx, most: number, at: Date): Promise<Exceeded | undefined> {
    const minute = new Date(at.getTime() - (at.getTime() % MINUTE_MS));
    const taken = await tx.execute(
      `insert into message_rate as r (tenant_id, minute, taken) values ($1, $2, 1)
       on conflict (tenant_id) do update set minute = greatest(r.minute, excluded.minute),
         taken = case when excluded.minute > r.minute then 1 else r.taken + 1 end
       where excluded.minute > r.minute or r.taken < $3`,
      [tx.tenantId, minute, most],
    );
    return taken > 0 ? undefined : { retryAfter: new Date(minute.getTime() + MINUTE_MS) };
  }
}
