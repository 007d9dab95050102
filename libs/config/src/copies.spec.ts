import { describe, expect, it } from '@jest/globals';
import { copies } from './copies.js';

describe('copies that are declared by settings', () => {
  it('are named, of a kind, and age out; or are gone since a day', () => {
    expect(copies.parse('base:backup:35, archive:wal:7,old-disks:retired:2026-11-27')).toEqual([
      { name: 'base', kind: 'backup', days: 35 },
      { name: 'archive', kind: 'wal', days: 7 },
      { name: 'old-disks', retiredSince: '2026-11-27' },
    ]);
  });

  it('may be none, but not by silence', () => {
    expect(copies.parse('none')).toEqual([]);
    expect(copies.safeParse('').success).toBe(false);
  });

  it.each([
    'base',
    'base:backup',
    'base:backup:0',
    'base:backup:soon',
    'base:backup:35:more',
    'base:tape:35',
    'Base:backup:35',
    'base:backup:35,base:wal:7',
    'old:retired:yesterday',
    'base:backup:99999',
  ])('are refused where they say too little: %s', (text) => {
    expect(copies.safeParse(text).success).toBe(false);
  });

  it('5.4 of the database of keys live 7 days at most', () => {
    expect(copies.parse('keys:keys-backup:7')).toEqual([{ name: 'keys', kind: 'keys-backup', days: 7 }]);
    expect(copies.safeParse('keys:keys-backup:8').success).toBe(false);
  });
});
