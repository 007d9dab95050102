import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  fsyncSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from './domain-error.js';
import { sha256 } from './hash.js';
import { newId } from './ids.js';

/** DER header of an Ed25519 public key (RFC 8410); the 32 bytes of the key follow. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 key pair (RFC 8032). Its id is the first 16 hex characters of SHA-256 over the public key. */
export class SigningKey {
  readonly keyId: string;

  private constructor(
    /** For libraries that sign by themselves (JWT). */
    readonly privateKey: KeyObject,
    /** The raw 32 bytes. */
    readonly publicKey: Buffer,
  ) {
    this.keyId = keyIdOf(publicKey);
  }

  static generate(): SigningKey {
    return SigningKey.of(generateKeyPairSync('ed25519').privateKey);
  }

  /** Reads a PKCS#8 PEM file. `create` makes one (mode 0600) where none is; processes that race agree on one. */
  static load(path: string, options: { create: boolean }): SigningKey {
    try {
      return SigningKey.of(createPrivateKey(readFileSync(path, 'utf8')));
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (missing && options.create) return SigningKey.createAt(path);
      throw new DomainError(
        missing ? 'SIGNING_KEY_MISSING' : 'SIGNING_KEY_UNREADABLE',
        'failed-precondition',
        {
          message: `No Ed25519 private key (PKCS#8 PEM) could be read from ${path}`,
          cause: error,
        },
      );
    }
  }

  sign(data: Uint8Array): Buffer {
    return sign(null, data, this.privateKey);
  }

  private static of(privateKey: KeyObject): SigningKey {
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    return new SigningKey(privateKey, spki.subarray(SPKI_PREFIX.length));
  }

  private static createAt(path: string): SigningKey {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${newId()}`;
    const file = openSync(draft, 'wx', 0o600);
    writeSync(file, SigningKey.generate().privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    fsyncSync(file);
    closeSync(file);
    try {
      linkSync(draft, path); // fails where another process was first: its key is the one
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(draft);
    }
    return SigningKey.load(path, { create: false });
  }
}

export function keyIdOf(publicKey: Uint8Array): string {
  return sha256(publicKey).toString('hex').slice(0, 16);
}

/** A public key as Node's crypto and JWT libraries take it, from its raw 32 bytes. */
export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  if (publicKey.length !== 32) throw new TypeError('an Ed25519 public key has 32 bytes');
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
}

/** False for a wrong signature and for a key or signature of the wrong length; never throws. */
export function verifySignature(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return verify(null, data, publicKeyObject(publicKey), signature);
}
