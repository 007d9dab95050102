import { type RowFault } from './import-row.js';

export type ImportState = 'receiving' | 'merging' | 'completed' | 'failed' | 'cancelled';

export interface Import {
  importId: string;
  listId: string;
  state: ImportState;
  header: string[];
  rows: number;
  mergedThrough: number;
  accepted: number;
  rejected: Partial<Record<RowFault, number>>;
  created: number;
  updated: number;
  consents: number;
  failureReason: string | undefined;
  createdAt: Date;
  /** When the last piece of the file came. */
  receivedAt: Date;
  finishedAt: Date | undefined;
}

/** What a batch adds to an import's figures. */
export interface Progress {
  mergedThrough: number;
  accepted: number;
  rejected: Partial<Record<RowFault, number>>;
  created: number;
  updated: number;
  consents: number;
}

export function hasEnded({ state }: Pick<Import, 'state'>): boolean {
  return state !== 'receiving' && state !== 'merging';
}

export function advanced(before: Import, by: Progress): Import {
  const rejected = { ...before.rejected };
  for (const [fault, n] of Object.entries(by.rejected) as [RowFault, number][]) {
    rejected[fault] = (rejected[fault] ?? 0) + n;
  }
  return {
    ...before,
    mergedThrough: by.mergedThrough,
    accepted: before.accepted + by.accepted,
    rejected,
    created: before.created + by.created,
    updated: before.updated + by.updated,
    consents: before.consents + by.consents,
  };
}
