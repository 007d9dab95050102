import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wavHead } from '../media/wav.js';
import { EspeakSynthesizer } from './espeak-synthesizer.js';
import { runProgram } from './run-program.js';

const head = wavHead(0xff_fff);
head.writeUInt32LE(22_050, 24);

/** In place of the program: the real one is heard by `.ci/speech`. Says a quarter of a second, the samples its input's bytes. */
const SPEAKS = `#!${process.execPath}
let input = '';
process.stdin.on('data', (piece) => (input += piece)).on('end', () => {
  if (input.startsWith('fail')) process.exit(3);
  const seen = JSON.stringify({ args: process.argv.slice(2), input, env: Object.keys(process.env).sort() });
  if (input.startsWith('show')) return void process.stdout.write(seen);
  if (input.startsWith('nothing')) return;
  process.stdout.write(Buffer.concat([Buffer.from('${head.toString('base64')}', 'base64'), Buffer.alloc(11_026, 1)]));
});
`;

describe('a text that is spoken by a program', () => {
  let folder = '';
  let program = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-speech-'));
    program = join(folder, 'speaks');
    writeFileSync(program, SPEAKS);
    chmodSync(program, 0o700);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (input: string, change: { timeoutMs?: number; mostBytes?: number } = {}) =>
    runProgram({
      ...{
        program,
        args: ['$(id)', '; id'],
        input: Buffer.from(input),
        timeoutMs: 60_000,
        mostBytes: 100_000,
      },
      ...change,
    });

  it('becomes samples of a telephone line', async () => {
    const samples = await new EspeakSynthesizer(program).speak({ text: 'Hello', language: 'de' });
    expect(samples.length).toBe(2_000);
    // 0x0101 throughout: a level stays the level, but for the edges.
    for (const sample of samples.subarray(200, 1_800)) expect(Math.abs(sample - 257)).toBeLessThanOrEqual(2);
  });

  it('is read by a pipe; the arguments see no shell, and the program none of our secrets', async () => {
    process.env['HEED_A_SECRET'] = 'secret';
    const seen = JSON.parse((await run('show Ada')).toString()) as Record<string, unknown>;
    delete process.env['HEED_A_SECRET'];
    expect(seen).toEqual({ args: ['$(id)', '; id'], input: 'show Ada', env: ['LC_ALL', 'PATH'] });
  });

  it.each([
    ['of a program that fails', 'fail'],
    ['of a program that says nothing', 'nothing'],
    ['of more letters than a script has', 'a'.repeat(4_001)],
  ])('%s is none', async (_, text) => {
    await expect(new EspeakSynthesizer(program).speak({ text, language: 'en' })).rejects.toThrow();
  });

  it('is none where there is no such program', async () => {
    const absent = new EspeakSynthesizer(join(folder, 'absent'));
    await expect(absent.speak({ text: 'Hello', language: 'en' })).rejects.toThrow('could not be run');
  });

  it('is none where the answer is larger than agreed', async () => {
    await expect(run('Hello', { mostBytes: 1_000 })).rejects.toThrow('answered too much');
  });

  it('is none where the program does not end', async () => {
    const waits = join(folder, 'waits');
    writeFileSync(waits, `#!${process.execPath}\nsetInterval(() => 0, 1_000);\n`, { mode: 0o700 });
    const endless = { program: waits, args: [], input: Buffer.alloc(0), timeoutMs: 100, mostBytes: 1 };
    await expect(runProgram(endless)).rejects.toThrow('took too long');
  });
});
