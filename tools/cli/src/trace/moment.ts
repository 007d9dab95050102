import { type ServiceName } from '@heed/contracts';

/** Something that happened to somebody or something, as one service wrote it down. Ids and codes, never an address. */
export interface Moment {
  at: Date;
  service: ServiceName;
  /** The table that says so. */
  from: string;
  what: string;
  ids: Record<string, string>;
}

/** The ids that one timeline is about: what was asked for, and what belongs to it. */
export interface Traced {
  contacts: Set<string>;
  intents: Set<string>;
  attempts: Set<string>;
  calls: Set<string>;
  requests: Set<string>;
}

export function nothing(): Traced {
  return {
    contacts: new Set(),
    intents: new Set(),
    attempts: new Set(),
    calls: new Set(),
    requests: new Set(),
  };
}

export function sizeOf(traced: Traced): number {
  return Object.values(traced).reduce((sum, ids: Set<string>) => sum + ids.size, 0);
}
