import { type AcrossTx } from '@heed/postgres';
import { type LogOrigin } from './log-origin.store.js';

/** A transaction in which nobody else writes to the log. Indices are those among all leaves. */
export interface Sequenced {
  tx: AcrossTx;
  origin: LogOrigin;
  write(leaves: readonly Buffer[]): Promise<number[]>;
  /** From here on another tree grows, under this name. */
  begin(name: string): Promise<Sequenced>;
}
