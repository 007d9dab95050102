import { z } from 'zod';

/** A copy that nobody reaches into, made by others than the services: it says when it ages out, or since when it is gone. */
export type Copy = { name: string; kind: CopyKind; days: number } | { name: string; retiredSince: string };

const KINDS = ['backup', 'keys-backup', 'wal', 'standby', 'object-versions', 'snapshot'] as const;
export type CopyKind = (typeof KINDS)[number];

/** Backups of the keys that bodies die with: whoever restores one brings bodies back to life, so they die first. */
const MOST_KEYS_BACKUP_DAYS = 7;
const MOST_DAYS = 3_650;

/** `none`, or `name:kind:days` and `name:retired:2026-11-27`, separated by commas. */
export const copies = z.string().transform((value, context): Copy[] => {
  if (value.trim() === 'none') return [];
  const read = value.split(',').map((part) => copyOf(part.trim()));
  const names = new Set(read.map((copy) => copy?.name));
  if (read.includes(undefined) || names.size !== read.length) {
    context.issues.push({ code: 'custom', input: '', message: 'not a list of copies' });
    return z.NEVER;
  }
  return read as Copy[];
});

function copyOf(part: string): Copy | undefined {
  const [name = '', kind = '', life = '', ...more] = part.split(':');
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name) || more.length > 0) return undefined;
  if (kind === 'retired') {
    return /^\d{4}-\d{2}-\d{2}$/.test(life) ? { name, retiredSince: life } : undefined;
  }
  const known = KINDS.find((each) => each === kind);
  const days = Number(life);
  const most = known === 'keys-backup' ? MOST_KEYS_BACKUP_DAYS : MOST_DAYS;
  if (!known || !/^\d+$/.test(life) || days < 1 || days > most) return undefined;
  return { name, kind: known, days };
}
