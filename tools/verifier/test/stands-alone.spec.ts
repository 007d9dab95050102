import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalJson, cosign, SigningKey, vkeyOf as vkeyOfSigner } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, draft, vkeyOf } from './certificate-maker.js';

const source = fileURLToPath(new URL('../verify-certificate.mjs', import.meta.url));
const logKey = SigningKey.generate();
const vkey = vkeyOf(logKey);
/** With all that a certificate can say of an erasure. */
const facts = { ...draft(), participants: ['telephony'], sweeps: { contacts: {} } };
const file = Buffer.from(canonicalJson(certify(facts, logKey)));

describe('the verifier that stands alone', () => {
  let folder: string;
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ['verify-certificate.mjs', ...words], { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-alone-'));
    copyFileSync(source, join(folder, 'verify-certificate.mjs'));
    writeFileSync(join(folder, 'certificate.json'), file);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is one short file that imports nothing but two parts of Node', () => {
    const text = readFileSync(source, 'utf8');
    const imported = [...text.matchAll(/\bimport\b[^;]*?from '([^']+)'/g)].map(([, name]) => name);
    expect(imported).toEqual(['node:crypto', 'node:fs']);
    expect(text).not.toMatch(/\bimport\(|\brequire\(/);
    const code = text.split('\n').filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line));
    expect(code.length).toBeLessThanOrEqual(340);
  });

  it('says what was proved, wherever it was copied to', () => {
    const { status, stdout, stderr } = run('certificate.json', '--key', vkey);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(verifyCertificate(file, vkey))));
  });

  it('ends with 1 where something does not hold, and with 2 where it was not asked rightly', () => {
    writeFileSync(join(folder, 'spoiled.json'), file.toString().replace('"count":2', '"count":3'));
    const spoiled = run('spoiled.json', '--key', vkey);
    expect([spoiled.status, spoiled.stdout]).toEqual([1, '']);
    expect(spoiled.stderr).toContain('CLAIMS_NOT_PROVED');
    for (const words of [
      [],
      ['certificate.json'],
      ['certificate.json', '--key', 'x'],
      ['none', '--key', vkey],
    ])
      expect([words, run(...words).status]).toEqual([words, 2]);
  });

  it('demands the witnesses that it is given, and refuses those that it is not', () => {
    const [one, other] = [SigningKey.generate(), SigningKey.generate()];
    const [ours, theirs] = [one, other].map((key) =>
      vkeyOfSigner('witness', 'heed/witness/x', key.publicKey),
    );
    const cosigned = certify(facts, logKey);
    const checkpoint = String(cosigned.log['checkpoint']);
    const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
    cosigned.log['checkpoint'] =
      checkpoint + cosign(text, 'heed/witness/x', one, new Date(1_700_000_000_000));
    const bytes = Buffer.from(canonicalJson(cosigned));
    expect(verifyCertificate(bytes, vkey, [ours!]).receipts).toBe(2);
    const refused = [
      () => verifyCertificate(bytes, vkey),
      () => verifyCertificate(bytes, vkey, [theirs!]),
      () => verifyCertificate(bytes, vkey, [ours!, ours!]),
      () => verifyCertificate(file, vkey, [ours!]),
    ];
    for (const verify of refused)
      expect(verify).toThrow(expect.objectContaining({ reason: 'CHECKPOINT_NOT_SIGNED' }));
  });
});

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Every place in a value, by the way to it. */
function placesIn(value: Json, way: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [way];
  const below = Object.entries(value).flatMap(([name, each]) => placesIn(each, [...way, name]));
  return way.length === 0 ? below : [way, ...below];
}

/** The same with something else at this place, or nothing. */
function altered(value: Json, way: readonly (string | number)[], isTaken: boolean): Json {
  const whole = structuredClone(value);
  let parent = whole as Record<string, Json>;
  for (const name of way.slice(0, -1)) parent = parent[name] as Record<string, Json>;
  const last = way.at(-1)!;
  const now = parent[last]!;
  if (isTaken && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isTaken) delete parent[last];
  else if (typeof now === 'number') parent[last] = now + 1;
  else if (typeof now === 'boolean') parent[last] = !now;
  else if (typeof now === 'string')
    parent[last] = now === '' ? 'a' : (now.startsWith('A') ? 'B' : 'A') + now.slice(1);
  else parent[last] = Array.isArray(now) ? [...now, now[0] ?? 0] : { ...now, more: 0 };
  return whole;
}

describe('every member of a certificate', () => {
  const lift = '2026-11-23T08:00:00.000Z';
  const exceptional = draft();
  exceptional.request['exceptions'] = [{ action: 'PROBE', service: 'telephony', since: lift, why: 'found' }];
  exceptional.request['reason'] = 'household';
  exceptional.statements[3]!.entries[0]!['outcome'] = 'PROBED_FOUND';

  it.each([
    ['of an erasure with a sweep and a participant', facts],
    ['of one that was closed with exceptions', exceptional],
  ])('%s is missed when it is another, and when it is gone', (_, made) => {
    const whole = JSON.parse(canonicalJson(certify(made, logKey))) as { [name: string]: Json };
    const isAccepted = (each: Json) => {
      try {
        verifyCertificate(Buffer.from(canonicalJson(each)), vkey);
        return true;
      } catch {
        return false;
      }
    };
    expect(isAccepted(whole)).toBe(true);
    const places = placesIn(whole);
    expect(places.length).toBeGreaterThan(200);
    for (const isTaken of [false, true]) {
      const unseen = places.filter((way) => isAccepted(altered(whole, way, isTaken)));
      expect(unseen).toEqual([]);
    }
  });
});
