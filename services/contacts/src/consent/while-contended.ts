import { sqlstate, type Tx } from '@heed/postgres';

/** 55P03 lock timeout, 40P01 deadlock, 40001 serialisation. A database that is away is the caller's to retry. */
const CONTENTION = ['55P03', '40P01', '40001'];
const TRIES = 3;

export function isContended(error: unknown): boolean {
  return CONTENTION.includes(sqlstate(error) ?? '');
}

/** Of many that are written together, none is to wait long for a lock that stands in another's way. */
export async function waitBriefly(tx: Tx): Promise<void> {
  await tx.execute("set local lock_timeout = '50ms'");
}

/**
 * Does a short transaction again where somebody's lock was in its way: an erasure holds its subjects while it deletes,
 * an import while it numbers its consents. To give up then would be to refuse an opt-out.
 */
export async function whileContended<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isContended(error) || tries === TRIES) throw error;
    }
  }
}
