import { z } from 'zod';
import { base64, bytes, index, path, time, uuid } from './read-canonical.js';

const count = z.string().regex(/^[1-9]\d{0,17}$/);

/** The first line of an exported audit log. */
export const auditHeader = z.strictObject({
  audit: z.literal('heed/v1'),
  checkpoint: z.string(),
  tenant: uuid,
});

/** An entry: who did what. */
export const auditEntry = z.strictObject({
  action: z.string().max(200),
  actor: z.string().max(64),
  at: time,
  entry: uuid,
  seq: count,
  service: z.string().max(40),
  subject: z.union([z.literal(''), uuid]),
  tenant: uuid,
});

/** That the log has committed to a statement about the chain. */
export const anchorLine = z.strictObject({ leaf: index, proof: path, salt: bytes(32), statement: base64 });

export const anchorForm = z.strictObject({
  at: time,
  entries: count,
  format: z.literal('heed audit head v1'),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: uuid,
});
