import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrationsIn } from './databases.js';

describe('the state of the migrations', () => {
  let root: string;
  const write = (path: string, sql: string) => writeFileSync(join(root, path), sql);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'heed-migrations-'));
    for (const folder of ['libs/postgres/migrations', 'services/contacts/migrations', 'services/privacy']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    write('libs/postgres/migrations/0001_frame.sql', 'create table a ();');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('differs when a migration comes, changes or takes another name, and by nothing else', () => {
    const before = migrationsIn(root);
    write('services/contacts/migrations/README.md', 'words');
    expect(migrationsIn(root)).toBe(before);
    write('services/contacts/migrations/0001_contacts.sql', 'create table b ();');
    const second = migrationsIn(root);
    write('services/contacts/migrations/0001_contacts.sql', 'create table c ();');
    const third = migrationsIn(root);
    expect(new Set([before, second, third]).size).toBe(3);
  });
});
