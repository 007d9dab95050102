import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newId } from '@heed/kernel';
import { AppendOnlyLog, type Entry, type Head, keepsWhatIsThere, openObjectStore, START } from './index.js';

describe('5.5 a log off site', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-offsite-'));
  const at = new Date('2026-11-27T00:00:00Z');
  let name: string;
  let log: AppendOnlyLog;
  beforeEach(async () => {
    name = newId();
    log = new AppendOnlyLog(await openObjectStore(pathToFileURL(folder).href), name);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const entry = (text: string): Entry => ({ tenantId: newId(), payload: Buffer.from(text) });
  const fileOf = (sequence: number) => join(folder, name, `${String(sequence).padStart(12, '0')}.json`);

  async function three(): Promise<Head[]> {
    const heads: Head[] = [START];
    for (const text of ['one', 'two', 'three'])
      heads.push(await log.append(heads.at(-1)!, [entry(text)], at));
    return heads;
  }
  async function textsAfter(head: Head): Promise<string[]> {
    const texts: string[] = [];
    for await (const { entries } of log.after(head))
      texts.push(...entries.map(({ payload }) => payload.toString()));
    return texts;
  }

  it('gives back what was written after a head, in order', async () => {
    const [start, first] = await three();
    expect(await textsAfter(start!)).toEqual(['one', 'two', 'three']);
    expect(await textsAfter(first!)).toEqual(['two', 'three']);
  });

  it('answers what a try wrote that did not live to say so, and replaces nothing', async () => {
    const lost = entry('lost');
    await log.append(START, [lost], at);
    expect((await log.append(START, [entry('again')], at)).entries).toEqual([lost]);
    expect(await textsAfter(START)).toEqual(['lost']);
  });

  it('is refused by a store that takes a second write of what is there', async () => {
    const store = await openObjectStore(pathToFileURL(folder).href);
    // The second time it is there from the first.
    expect([await keepsWhatIsThere(store, name), await keepsWhatIsThere(store, name)]).toEqual([true, true]);
    expect(await keepsWhatIsThere({ putNew: () => Promise.resolve(true) }, name)).toBe(false);
  });

  it('notices a hole, and a chunk that was changed or put there by somebody else', async () => {
    const [, , second] = await three();
    const written = readFileSync(fileOf(2));
    rmSync(fileOf(2));
    await expect(textsAfter(START)).rejects.toMatchObject({ reason: 'OFFSITE_HOLE' });
    writeFileSync(fileOf(2), written.toString().replace('2026', '2027'));
    await expect(textsAfter(START)).rejects.toMatchObject({ reason: 'OFFSITE_FORKED' });
    await expect(log.append({ ...second!, digest: 'another' }, [], at)).rejects.toMatchObject({
      reason: 'OFFSITE_FORKED',
    });
    writeFileSync(fileOf(2), 'not a chunk');
    await expect(textsAfter(START)).rejects.toMatchObject({ reason: 'OFFSITE_UNREADABLE' });
  });
});
