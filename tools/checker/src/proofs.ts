import { createHash, createPublicKey, verify } from 'node:crypto';
import { type ClientBase } from 'pg';
import { type ServiceName } from '@heed/contracts';
import { type Finding } from './finding.js';

/** Where attempts keep the proofs of their permits, and what their rows call things. Calls are made to contacts alone. */
const PLACES = [
  {
    service: 'messaging',
    table: 'attempt',
    attempt: 'attempt_id',
    issuer: 'issuer',
    channel: 1,
    what: 'an attempt',
  },
  {
    service: 'telephony',
    table: 'call',
    attempt: 'call_id',
    issuer: `'contacts'`,
    channel: 2,
    what: 'a call',
  },
] as const;

interface ProofRow {
  tenant_id: string;
  attempt_id: string;
  issuer: string;
  contact_id: string;
  purpose: string;
  permit_id: string;
  endpoint_id: string;
  consent_entry_id: string | null;
  permit_leaf: Buffer;
  permit_leaf_index: number;
  permit_tree_size: number;
  permit_path: Buffer;
  permit_root: Buffer;
  permit_signature: Buffer;
  permit_key_id: string;
}

const BATCH = 5_000;
const SHOWN = 10;
/** Signatures that were verified: the attempts of one batch of permits share one. */
const MOST_REMEMBERED = 100_000;

/** SPKI head of a raw Ed25519 key (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const CONTEXT = Buffer.from('heed permits v1\n');

/**
 * I1: what an attempt keeps must prove to a stranger that its issuer permitted this attempt, to this person, on this
 * channel, for this purpose; and that nobody else stood in for the issuer, whose key signs for its own people alone. Written from the formats (RFC 6962, RFC 8032) and the contract, with no code of the
 * services: what they and this misunderstood in the same way nobody would find.
 */
export async function proofFindings(clients: ReadonlyMap<ServiceName, ClientBase>): Promise<Finding[]> {
  const identity = clients.get('identity');
  if (!identity) return [];
  const { rows } = await identity.query<{ service: string; key_id: string; public_key: Buffer }>(
    `select service, key_id, public_key from service_key where service in ('contacts', 'identity', 'privacy')`,
  );
  const keys = new Map(rows.map((row) => [`${row.service} ${row.key_id}`, row.public_key]));
  const findings: Finding[] = [];
  for (const place of PLACES) {
    const client = clients.get(place.service);
    if (client) findings.push(...(await inPlace(client, place, keys)));
  }
  return findings;
}

async function inPlace(
  client: ClientBase,
  { service, table, attempt, issuer, channel, what }: (typeof PLACES)[number],
  keys: ReadonlyMap<string, Buffer>,
): Promise<Finding[]> {
  const unproved: string[] = [];
  const other: string[] = [];
  const signed = new Map<string, boolean>();
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await client.query(
      `declare proofs no scroll cursor for select tenant_id, ${attempt} as attempt_id, ${issuer} as issuer, contact_id, purpose, permit_id,
         endpoint_id, consent_entry_id, permit_leaf, permit_leaf_index, permit_tree_size, permit_path, permit_root,
         permit_signature, permit_key_id
       from ${table} where contact_id is not null and permit_leaf is not null`,
    );
    for (;;) {
      const { rows } = await client.query<ProofRow>(`fetch ${BATCH} from proofs`);
      if (rows.length === 0) break;
      for (const row of rows) {
        if (!stands(row) || !isSigned(row, keys, signed)) unproved.push(row.attempt_id);
        else if (!isAbout(row, channel)) other.push(row.attempt_id);
      }
    }
  } finally {
    await client.query('rollback');
  }
  const finding = (says: string, ids: string[]): Finding => ({
    ...{ invariant: 'I1', service, says: `${what} ${says}` },
    ...{ count: ids.length, ids: ids.slice(0, SHOWN) },
  });
  return [
    finding('keeps a proof that does not verify', unproved),
    finding('keeps the proof of a permit for something else', other),
  ];
}

/** SPEC: RFC 9162, 2.1.3.2: whether the leaf stands at its place in the tree under this root. */
function stands(row: ProofRow): boolean {
  const { permit_path: path, permit_root: root } = row;
  let [index, last] = [row.permit_leaf_index, row.permit_tree_size - 1];
  if (index < 0 || index > last || path.length % 32 !== 0) return false;
  let hash = sha256(Buffer.of(0), row.permit_leaf);
  for (let at = 0; at < path.length; at += 32) {
    const sibling = path.subarray(at, at + 32);
    if (last === 0) return false;
    const isRight = index % 2 === 1 || index === last;
    hash = isRight ? sha256(Buffer.of(1), sibling, hash) : sha256(Buffer.of(1), hash, sibling);
    // A last node without a sibling rises until it has one.
    while (isRight && index % 2 === 0 && index !== 0) [index, last] = [index >> 1, last >> 1];
    [index, last] = [index >> 1, last >> 1];
  }
  return last === 0 && hash.equals(root);
}

function isSigned(
  { issuer, permit_key_id: keyId, permit_root: root, permit_signature: signature }: ProofRow,
  keys: ReadonlyMap<string, Buffer>,
  known: Map<string, boolean>,
): boolean {
  const id = `${issuer} ${keyId} ${root.toString('base64')} ${signature.toString('base64')}`;
  let valid = known.get(id);
  if (valid === undefined) {
    const raw = keys.get(`${issuer} ${keyId}`);
    const key = raw && createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
    valid = key !== undefined && verify(null, Buffer.concat([CONTEXT, root]), key, signature);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(id, valid);
  }
  return valid;
}

function isAbout(row: ProofRow, channel: number): boolean {
  let leaf: Record<string, unknown>;
  try {
    leaf = JSON.parse(row.permit_leaf.toString('utf8')) as Record<string, unknown>;
  } catch {
    return false;
  }
  const lifetime = leaf['lifetime'];
  return (
    leaf['kind'] === 'heed.permit.v1' &&
    // A leaf of contacts names no issuer: it was the only one once.
    (leaf['issuer'] ?? 'contacts') === row.issuer &&
    leaf['tenant'] === row.tenant_id &&
    leaf['permit'] === row.permit_id &&
    leaf['attempt'] === row.attempt_id &&
    leaf['contact'] === row.contact_id &&
    leaf['endpoint'] === row.endpoint_id &&
    leaf['consent'] === (row.consent_entry_id ?? '') &&
    leaf['channel'] === channel &&
    leaf['purpose'] === row.purpose &&
    /^[0-9a-f]{64}$/.test(String(leaf['address'])) &&
    typeof lifetime === 'number' &&
    lifetime >= 1 &&
    lifetime <= 1_000
  );
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
