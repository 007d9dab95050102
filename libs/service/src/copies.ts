import { type Copy, type CopyKind } from '@heed/config';
import { declareStore, type DeclaredStore } from '@heed/data-map';

const DESCRIPTIONS: Record<CopyKind, string> = {
  backup: 'Backups of the databases',
  'keys-backup': 'Backups of the database of subject keys, of 7 days at most: bodies die with them',
  wal: 'Archived write-ahead log: what a database did, statement by statement',
  standby: 'A standby that lags, or is kept after it was taken over from',
  'object-versions': 'Versions and replicas of objects that the object store keeps by itself',
  snapshot: 'Snapshots of disks or of whole machines',
};

/**
 * What whoever runs the service keeps beside it (HEED_COPIES). No erasure reaches into it: each answers `in_backup` with
 * the day on which the last copy made before the answer has aged out.
 */
export function copyStores(copies: readonly Copy[]): DeclaredStore[] {
  return copies.map((copy) =>
    declareStore(
      'retiredSince' in copy
        ? {
            ...{ kind: 'retired', name: copy.name, was: 'copy', since: copy.retiredSince },
            description: 'Copies that are no longer made, and of which none is left',
          }
        : {
            ...{ kind: 'copy', name: copy.name, expiresAfterDays: copy.days },
            description: DESCRIPTIONS[copy.kind],
          },
    ),
  );
}
