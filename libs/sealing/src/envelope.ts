import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { DomainError } from '@heed/kernel';

/** Where sealed bytes stand. They open there and nowhere else: moved to another row they are noise. */
export interface SealedPlace {
  table: string;
  row: string;
  column: string;
}

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES;

/** How much longer than its content a sealed value is. */
export const SEAL_OVERHEAD = HEAD_BYTES + TAG_BYTES;

/** AES-256-GCM: format, nonce, ciphertext, tag. The nonce is random: a subject's key seals thousands, not 2^32. */
export function sealBytes(key: KeyObject, additional: Buffer, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additional);
  return Buffer.concat([
    Buffer.of(FORMAT),
    nonce,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

export function openBytes(key: KeyObject, additional: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < SEAL_OVERHEAD || sealed[0] !== FORMAT) throw broken();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, HEAD_BYTES));
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw broken();
  }
}

/** Tenant, subject, table, row, column, each with its length in front, so that no two places read the same. */
export function additionalData(tenantId: string, subjectId: string, place: SealedPlace): Buffer {
  const parts = [tenantId.toLowerCase(), subjectId.toLowerCase(), place.table, place.row, place.column];
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function broken(): DomainError {
  return new DomainError('SEAL_BROKEN', 'internal', {
    message: 'the sealed bytes were altered, or stood elsewhere when they were sealed',
  });
}
