import { type Tx } from '@heed/postgres';

export interface Anchor {
  seq: bigint;
  statement: Buffer;
  salt: Buffer;
  leaf: number | null;
}

/** In the log. */
export type Anchored = Anchor & { leaf: number };

interface Row {
  seq: string;
  statement: Buffer;
  salt: Buffer;
  leaf: string | null;
}

export async function chainHead(tx: Tx): Promise<{ seq: bigint; hash: Buffer } | undefined> {
  const [row] = await tx.query<{ seq: string; hash: Buffer }>(
    'select seq, hash from audit_head where tenant_id = $1',
    [tx.tenantId],
  );
  return row && { seq: BigInt(row.seq), hash: row.hash };
}

/** The statement about a chain of this length, once and for all: the one that was written first. */
export async function fixAnchor(tx: Tx, { seq, statement, salt }: Omit<Anchor, 'leaf'>): Promise<Anchor> {
  await tx.execute(
    `insert into audit_anchor (tenant_id, seq, statement, salt) values ($1, $2, $3, $4)
     on conflict (tenant_id, seq) do nothing`,
    [tx.tenantId, seq, statement, salt],
  );
  const [row] = await tx.query<Row>(
    'select seq, statement, salt, leaf from audit_anchor where tenant_id = $1 and seq = $2',
    [tx.tenantId, seq],
  );
  return anchorOf(row!);
}

export async function setLeaf(tx: Tx, seq: bigint, leaf: number): Promise<void> {
  await tx.execute('update audit_anchor set leaf = $3 where tenant_id = $1 and seq = $2 and leaf is null', [
    tx.tenantId,
    seq,
    leaf,
  ]);
}

/** Those about so many entries that are among the first `size` leaves of an origin, in order; by their index in it. */
export async function anchorsBetween(
  tx: Tx,
  after: bigint,
  last: bigint,
  firstLeaf: number,
  size: number,
): Promise<Anchored[]> {
  const rows = await tx.query<Row & { leaf: string }>(
    `select seq, statement, salt, leaf - $4::bigint as leaf from audit_anchor
     where tenant_id = $1 and seq > $2 and seq <= $3 and leaf >= $4 and leaf < $4::bigint + $5 order by seq`,
    [tx.tenantId, after, last, firstLeaf, size],
  );
  return rows.map((row) => ({ ...anchorOf(row), leaf: Number(row.leaf) }));
}

function anchorOf({ seq, statement, salt, leaf }: Row): Anchor {
  return { seq: BigInt(seq), statement, salt, leaf: leaf === null ? null : Number(leaf) };
}
