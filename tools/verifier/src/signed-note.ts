import * as alone from '../verify-certificate.mjs';
import { asDomainError } from './refusal.js';

/** A log's public key under its name, as `vkey` of C2SP signed-note writes it. */
export interface VerifierKey {
  name: string;
  hash: Buffer;
  publicKey: Buffer;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

export function readVerifierKey(vkey: string): VerifierKey {
  return asDomainError(() => alone.readVerifierKey(vkey));
}

/** Reads a checkpoint that bears the signature of this key and no other. */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint {
  return asDomainError(() => alone.openCheckpoint(note, key));
}
