import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PocketsphinxRecognizer } from './pocketsphinx-recognizer.js';

/** In place of the program: the real one hears in `.ci/sip/speech`. Says how loud each second sample is, in words. */
const HEARS = `#!${process.execPath}
const { readFileSync, readlinkSync } = require('node:fs');
const args = process.argv.slice(2);
const of = (name) => args[args.indexOf(name) + 1];
if (!readFileSync(of('-jsgf'), 'utf8').startsWith('#JSGF')) process.exit(2);
const sound = readFileSync(of('-infile'));
if (sound.length !== 4_000) process.exit(3);
const [sample, between] = [sound.readInt16LE(400), sound.readInt16LE(402)];
if (sample === 1) process.exit(4);
const file = readlinkSync('/proc/self/fd/0');
const words = { 400: file.startsWith('/dev/shm/') && file.endsWith(' (deleted)') ? 'stop calling me' : 'named', 100: 'stop calling me', 200: between === 200 ? 'stop calling me' : 'stop the bus', 300: 'hello' };
console.log(words[sample]);
`;

describe('an utterance that a program is to understand', () => {
  let folder = '';
  let recognizer: PocketsphinxRecognizer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-hears-'));
    const program = join(folder, 'hears');
    writeFileSync(program, HEARS, { mode: 0o700 });
    recognizer = new PocketsphinxRecognizer(program, folder);
  });
  afterAll(() => {
    recognizer.close();
    rmSync(folder, { recursive: true });
  });
  const hear = (level: number) => recognizer.hear(new Int16Array(1_000).fill(level));

  it('is a no where it is understood as one both times', async () => {
    expect(await hear(100)).toEqual({ sense: 'no', readings: ['stop calling me', 'stop calling me'] });
  });

  it('is in doubt where it is understood as one only once', async () => {
    expect(await hear(200)).toEqual({ sense: 'doubt', readings: ['stop the bus', 'stop calling me'] });
  });

  it('is nothing, and not looked at again, where it is something else', async () => {
    expect(await hear(300)).toEqual({ sense: 'nothing', readings: ['hello'] });
  });

  it('is not understood where the program fails, which is not the same as nothing', async () => {
    await expect(hear(1)).rejects.toThrow('ended with 4');
  });

  it('is understood also after something has tidied up the folder of what is for a while', async () => {
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    const other = new PocketsphinxRecognizer(join(folder, 'hears'), folder);
    const once = () => other.hear(new Int16Array(1_000).fill(300));
    try {
      await once();
      for (const name of readdirSync(folder).filter((each) => each.startsWith('heed-grammar-')))
        rmSync(join(folder, name), { recursive: true });
      expect((await once()).readings).toEqual(['hello']);
    } finally {
      other.close();
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  it('is English: there is no model of another language', () => {
    expect([...recognizer.languages]).toEqual(['en']);
  });

  it('lies in memory, in a file that has no name any more', async () => {
    expect((await hear(400)).readings).toEqual(['stop calling me', 'stop calling me']);
  });
});
