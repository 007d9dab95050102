import { type ServiceName } from '@heed/contracts';
import { type Invariant } from './rule.js';

export interface Finding {
  invariant: Invariant;
  service: ServiceName;
  says: string;
  /** How many rows break the promise; 0 where it holds. */
  count: number;
  /** The first of them. */
  ids: string[];
}
