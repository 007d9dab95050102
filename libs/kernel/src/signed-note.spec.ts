import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SigningKey } from './signing.js';
import {
  checkpointText,
  cosign,
  cosignedAt,
  openCheckpoint,
  readCheckpoint,
  readVkey,
  signNote,
  vkeyOf,
} from './signed-note.js';

/** An Ed25519 key of this seed (RFC 8410). */
function keyOf(seed: Buffer): SigningKey {
  const folder = mkdtempSync(join(tmpdir(), 'heed-note-'));
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const file = join(folder, 'key.pem');
  writeFileSync(file, `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`);
  try {
    return SigningKey.load(file, { create: false });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a signed note', () => {
  const [log, witness] = [SigningKey.generate(), SigningKey.generate()];
  const vkey = vkeyOf('log', 'heed.test/log', log.publicKey);
  const witnessKey = vkeyOf('witness', 'heed/witness/contacts', witness.publicKey);
  const root = Buffer.alloc(32, 7);
  const text = checkpointText({ origin: 'heed.test/log', size: 21, root });
  const note = `${text}\n${signNote(text, 'heed.test/log', log)}`;

  it('has keys and signatures as those who publish the format give them', () => {
    // The example of golang.org/x/mod/sumdb/note.
    const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
    const key = keyOf(seed);
    expect(vkeyOf('log', 'PeterNeumann', key.publicKey)).toBe(
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    );
    const said = `If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n`;
    expect(signNote(said, 'PeterNeumann', key)).toBe(
      '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
    );
  });

  it('is a checkpoint to whoever has the key, with signatures of others under it', () => {
    const cosigned = note + cosign(text, 'heed/witness/contacts', witness, new Date(1_700_000_000_500));
    for (const each of [note, cosigned])
      expect(openCheckpoint(each, vkey)).toEqual({ origin: 'heed.test/log', size: 21, root, text });
    const other = vkeyOf('log', 'heed.test/log', witness.publicKey);
    expect(openCheckpoint(note, other)).toBeUndefined();
    expect(openCheckpoint(note.replace('21', '22'), vkey)).toBeUndefined();
    // By the right key, under a name that is not the log's.
    const named = `${text}\n${signNote(text, 'other.test/log', log)}`;
    expect(openCheckpoint(named, vkeyOf('log', 'other.test/log', log.publicKey))).toBeUndefined();
  });

  it('is countersigned with the time, by a key of its own kind', () => {
    const line = cosign(text, 'heed/witness/contacts', witness, new Date(1_700_000_000_500));
    expect(cosignedAt(text, line, witnessKey)).toEqual(new Date(1_700_000_000_000));
    expect(cosignedAt(text.replace('21', '22'), line, witnessKey)).toBeUndefined();
    const spoiled = Buffer.from(line.split(' ')[2]!, 'base64');
    spoiled[11]! ^= 1;
    const later = `\u2014 heed/witness/contacts ${spoiled.toString('base64')}\n`;
    expect(cosignedAt(text, later, witnessKey)).toBeUndefined();
    // A log's signature is no witness's, whoever made it.
    const asLog = signNote(text, 'heed/witness/contacts', witness);
    expect(cosignedAt(text, asLog, witnessKey)).toBeUndefined();
    expect(readVkey('log', witnessKey)).toBeUndefined();
    expect(readVkey('witness', witnessKey)?.publicKey).toEqual(witness.publicKey);
  });

  it('is no checkpoint in any other form', () => {
    for (const bad of [
      '',
      'heed.test/log\n21\n',
      text.replace('21', '021'),
      text.replace('21', '-1'),
      `${text}more\n`,
      text.replace(root.toString('base64'), 'AAAA'),
    ])
      expect(readCheckpoint(bad)).toBeUndefined();
    expect(readVkey('log', vkey.replace(/\+.{8}\+/, '+00000000+'))).toBeUndefined();
  });
});
