import { canonicalJson, sha256 } from '@heed/kernel';

/** Who saw or did what. */
export interface AuditFact {
  entryId: string;
  at: Date;
  /** Member id, or name of a service. */
  actorId: string;
  /** Full name of the RPC, or of what a service did by itself. */
  action: string;
  subjectId?: string;
  service: string;
}

export interface ChainedFact extends AuditFact {
  seq: bigint;
  hash: Buffer;
}

/** Before the first entry. */
export const CHAIN_START = Buffer.alloc(32);

/** Each entry's hash covers the one before it: whoever changes or removes one must rewrite all that follow. */
export function chain(
  facts: readonly AuditFact[],
  tenantId: string,
  head: { seq: bigint; hash: Buffer },
): ChainedFact[] {
  let { seq, hash } = head;
  return facts.map((fact) => {
    seq += 1n;
    hash = sha256(hash, entryBytes(fact, tenantId, seq));
    return { ...fact, seq, hash };
  });
}

/** The first entry whose hash does not follow from the one before, or undefined where all do. */
export function brokenLink(entries: readonly ChainedFact[], tenantId: string): ChainedFact | undefined {
  let before: { seq: bigint; hash: Buffer } = { seq: 0n, hash: CHAIN_START };
  for (const entry of entries) {
    const [expected] = chain([entry], tenantId, before);
    if (!expected || expected.seq !== entry.seq || !expected.hash.equals(entry.hash)) return entry;
    before = { seq: entry.seq, hash: entry.hash };
  }
  return undefined;
}

/** What an entry's hash covers, after the hash before it: docs/certificate.md. */
export function entryBytes(fact: AuditFact, tenantId: string, seq: bigint): Buffer {
  const statement = {
    action: fact.action,
    actor: fact.actorId,
    at: fact.at.toISOString(),
    entry: fact.entryId,
    seq: seq.toString(),
    service: fact.service,
    subject: fact.subjectId ?? '',
    tenant: tenantId,
  };
  return Buffer.from(canonicalJson(statement));
}

/** What the log commits to: that the chain was so long then, and ended so. */
export function anchorStatement(tenantId: string, head: { seq: bigint; hash: Buffer }, at: Date): Buffer {
  return Buffer.from(
    canonicalJson({
      at: at.toISOString(),
      entries: head.seq.toString(),
      format: 'heed audit head v1',
      head: head.hash.toString('hex'),
      tenant: tenantId,
    }),
  );
}
