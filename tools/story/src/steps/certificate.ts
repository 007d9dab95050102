import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canonicalJson, sha256, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';
import { type Stage } from '../stage.js';

const heed = fileURLToPath(new URL('../../../cli/bin/heed.mjs', import.meta.url));

/** So many bytes of the file are changed one by one, spread over all of it. */
const CHANGED_BYTES = 50;

/**
 * Step 9: the certificate verifies with the command line, which is told of no service and given a folder where none is
 * named; every change to it, and the same log signed by another key, is refused.
 */
export async function tamper(
  { expect, folder }: Stage,
  file: string,
  vkey: string,
): Promise<{ bytes: number; refused: number }> {
  expect.equal('certificate: heed certificate verify', await verify(file, vkey), 0);
  const bytes = readFileSync(file);
  let refused = 0;
  const step = Math.max(1, Math.floor(bytes.length / CHANGED_BYTES));
  let changes = 0;
  for (let at = 0; at < bytes.length; at += step) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    changes++;
    if (!holds(changed, vkey)) refused++;
  }
  expect.equal('certificate: changed bytes that were refused', refused, changes);

  const forged = join(folder, 'forged.certificate.json');
  writeFileSync(forged, signedAnew(bytes));
  expect.equal('certificate: one signed by another key', await verify(forged, vkey), 1);
  return { bytes: bytes.length, refused };
}

/** Exit code of the command, run where no installation can be found. */
async function verify(file: string, vkey: string): Promise<number> {
  const env = { PATH: process.env['PATH'] ?? '' };
  try {
    await promisify(execFile)(process.execPath, [heed, 'certificate', 'verify', file, '--key', vkey], {
      cwd: tmpdir(),
      env,
    });
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

function holds(file: Uint8Array, vkey: string): boolean {
  try {
    verifyCertificate(file, vkey);
    return true;
  } catch {
    return false;
  }
}

/** The same file with a checkpoint that another key has signed under the same name: what a forger could make. */
function signedAnew(file: Buffer): string {
  const certificate = JSON.parse(file.toString('utf8')) as { log: { checkpoint: string } };
  const [body = '', signature = ''] = certificate.log.checkpoint.split('\n\n');
  const name = signature.split(' ')[1] ?? '';
  const other = SigningKey.generate();
  // SPEC: C2SP signed-note: the key's id is the head of a hash over name, a newline, algorithm 1 and the key.
  const keyId = sha256(Buffer.from(`${name}\n\u0001`), other.publicKey).subarray(0, 4);
  const signed = Buffer.concat([keyId, other.sign(Buffer.from(`${body}\n`))]).toString('base64');
  certificate.log.checkpoint = `${body}\n\n— ${name} ${signed}\n`;
  return canonicalJson(certificate);
}
