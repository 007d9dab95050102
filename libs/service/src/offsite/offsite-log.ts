import { type Tx } from '@heed/postgres';
import { type ResyncContext } from '../resync.js';

/** What a service has copied off site, entry by entry, so that it outlives every backup (ATTACKS 5.5). */
export interface OffsiteLog {
  /** Permanent: it is the folder of its chunks. */
  name: string;
  /** Where its entries come from: tenants that have something there are found by it. */
  table: string;
  /** Adds all that a tenant has there: once, when copies begin to be made. */
  addAll(tx: Tx): Promise<void>;
  /** After a restore: entries of a tenant that were copied since the backup. Those that are known change nothing. */
  take(get: ResyncContext['get'], tenantId: string, payloads: readonly Buffer[]): Promise<void>;
}
