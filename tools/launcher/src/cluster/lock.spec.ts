import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder, lockHolder } from './lock.js';

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is held until it is given back', async () => {
    const unlock = await lockFolder(folder);
    expect(await lockHolder(folder)).toBe(process.pid);
    await expect(lockFolder(folder)).rejects.toThrow(/another launcher \(pid \d+\) works on/);
    unlock();
    expect(await lockHolder(folder)).toBeUndefined();
    (await lockFolder(folder))();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a launcher that is gone is taken over, also when its pid is somebody else’s by now', async () => {
    // This very process, but started at another time.
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    const unlock = await lockFolder(folder);
    expect(await lockHolder(folder)).toBe(process.pid);
    unlock();
  });

  it('goes to one of many who find a stale one at once', async () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, started: 'another boot' }));
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
