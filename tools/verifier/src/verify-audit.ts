import { leafHash, sha256, verifyInclusion, canonicalJson } from '@heed/kernel';
import { type z } from 'zod';
import { anchorForm, anchorLine, auditEntry, auditHeader } from './audit-file.js';
import { readCanonical } from './read-canonical.js';
import { refuse } from './refusal.js';
import { openCheckpoint, readVerifierKey, type Checkpoint } from './signed-note.js';

export interface VerifiedAudit {
  tenant: string;
  log: { origin: string; size: number };
  /** Entries of the chain, without a gap. */
  entries: number;
  /** How many times its end was put into the log. */
  anchors: number;
  /** Entries that the log has committed to, and when it had the last of them; what follows is chained alone. */
  anchored: number;
  anchoredAt: string;
}

/**
 * Verifies an exported audit log offline: each entry follows from the one before, and each proof shows that the log of
 * this key has committed to what the chain was then. Reads line by line: a log may be larger than memory. Throws a
 * DomainError whose reason says what does not hold.
 *
 * It proves that nothing was changed, taken out or put in since it was anchored; not that everything was recorded.
 */
export async function verifyAudit(lines: AsyncIterable<string>, vkey: string): Promise<VerifiedAudit> {
  const key = readVerifierKey(vkey);
  let file: { tenant: string; checkpoint: Checkpoint } | undefined;
  let hash: Buffer = Buffer.alloc(32);
  let seq = 0n;
  let last: { entries: number; at: string } | undefined;
  let anchors = 0;
  for await (const text of lines) {
    const data = Buffer.from(text);
    if (!file) {
      const { tenant, checkpoint } = read(data, auditHeader, 'the first line');
      file = { tenant, checkpoint: openCheckpoint(checkpoint, key) };
    } else if (text.startsWith('{"action"')) {
      const entry = read(data, auditEntry, `entry ${seq + 1n}`);
      if (entry.tenant !== file.tenant)
        throw refuse('AUDIT_CHAIN_BROKEN', `entry ${entry.seq} is of another tenant`);
      if (BigInt(entry.seq) !== seq + 1n) {
        throw refuse(
          'AUDIT_CHAIN_BROKEN',
          `entry ${seq + 1n} is missing: entry ${entry.seq} follows entry ${seq}`,
        );
      }
      seq += 1n;
      hash = sha256(hash, data);
    } else {
      const anchor = proved(data, file.checkpoint);
      if (anchor.tenant !== file.tenant)
        throw refuse('AUDIT_CHAIN_BROKEN', 'a proof is about another tenant');
      if (BigInt(anchor.entries) !== seq) {
        throw refuse('AUDIT_CHAIN_BROKEN', `a proof about ${anchor.entries} entries stands behind ${seq}`);
      }
      if (anchor.head !== hash.toString('hex')) {
        throw refuse(
          'AUDIT_CHAIN_BROKEN',
          `the log had committed to other entries: one of the first ${seq} was changed, taken out or put in`,
        );
      }
      last = { entries: Number(seq), at: anchor.at };
      anchors += 1;
    }
  }
  if (!file) throw refuse('AUDIT_MALFORMED', 'the file is empty');
  const { origin, size } = file.checkpoint;
  return {
    tenant: file.tenant,
    log: { origin, size },
    entries: Number(seq),
    anchors,
    anchored: last?.entries ?? 0,
    anchoredAt: last?.at ?? '',
  };
}

/** What the log has committed to, if its proof holds. */
function proved(data: Buffer, { size, root }: Checkpoint): z.infer<typeof anchorForm> {
  const { leaf, proof, salt, statement } = read(data, anchorLine, 'a proof');
  const commitment = leafHash(Buffer.concat([salt, statement])).toString('base64');
  const leafData = Buffer.from(canonicalJson({ commitment, type: 'audit_head' }));
  if (!verifyInclusion({ leafHash: leafHash(leafData), index: leaf, size, proof, root })) {
    throw refuse('LEAF_NOT_IN_LOG', `leaf ${leaf} does not commit to the statement that is shown for it`);
  }
  return read(statement, anchorForm, 'a statement');
}

function read<T>(data: Uint8Array, form: z.ZodType<T>, what: string): T {
  return readCanonical(data, form, 'AUDIT_MALFORMED', what);
}
