import {
  canonicalJson,
  inclusionProofs,
  leafHash,
  verifyInclusion,
  verifySignature,
  type SigningKey,
} from '@heed/kernel';
import { newSalt } from '../statement.js';

const PREFIX = 'heed sweep v1\n';
const FORMAT = 'heed sweep v1';

/** What a service found of one person, in a search by value. */
export interface SweepStatement {
  tenantId: string;
  requestId: string;
  subjectId: string;
  service: string;
  sweepId: string;
  /** Addresses that were searched for. With none nothing was. */
  needles: number;
  /** Columns that were read, and names of objects. */
  columns: number;
  objects: number;
  /** Places that hold an address of theirs, and those of them where somebody who lives stands. */
  found: number;
  excepted: number;
  at: Date;
}

/** One signature of a service over all that one sweep found. */
export interface SweepReceipt {
  sweepId: string;
  service: string;
  root: Buffer;
  treeSize: number;
  signedAt: Date;
  keyId: string;
  signature: Buffer;
}

export interface SweepOpening {
  position: number;
  path: Buffer[];
  salt: Buffer;
  statement: Buffer;
}

/** Canonical JSON: the very bytes that are committed to. Described in docs/certificate.md. */
export function sweepStatementBytes(said: SweepStatement): Buffer {
  return Buffer.from(
    canonicalJson({
      at: said.at.toISOString(),
      columns: said.columns,
      excepted: said.excepted,
      format: FORMAT,
      found: said.found,
      needles: said.needles,
      objects: said.objects,
      request: said.requestId,
      service: said.service,
      subject: said.subjectId,
      sweep: said.sweepId,
      tenant: said.tenantId,
    }),
  );
}

/** What the bytes say; undefined where they are not what a service would have written. */
export function readSweepStatement(bytes: Uint8Array): SweepStatement | undefined {
  try {
    const json = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, string & number>;
    const said: SweepStatement = {
      ...{ tenantId: json['tenant']!, requestId: json['request']!, subjectId: json['subject']! },
      ...{ service: json['service']!, sweepId: json['sweep']!, needles: json['needles']! },
      ...{ columns: json['columns']!, objects: json['objects']!, found: json['found']! },
      ...{ excepted: json['excepted']!, at: new Date(json['at']!) },
    };
    const counts = [said.needles, said.columns, said.objects, said.found, said.excepted];
    const isSound = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
    return isSound && sweepStatementBytes(said).equals(bytes) ? said : undefined;
  } catch {
    return undefined;
  }
}

export function signSweep(
  head: { sweepId: string; service: string; signedAt: Date },
  statements: readonly SweepStatement[],
  key: SigningKey,
): { receipt: SweepReceipt; openings: SweepOpening[] } {
  const committed = statements.map((said) => ({ statement: sweepStatementBytes(said), salt: newSalt() }));
  const { root, proofs } = inclusionProofs(
    committed.map(({ salt, statement }) => leafHash(Buffer.concat([salt, statement]))),
  );
  const unsigned = { ...head, root, treeSize: committed.length, keyId: key.keyId };
  return {
    receipt: { ...unsigned, signature: key.sign(signedBytes(unsigned)) },
    openings: committed.map((opening, position) => ({ ...opening, position, path: proofs[position] ?? [] })),
  };
}

export function isSweepSignedBy(receipt: SweepReceipt, publicKey: Uint8Array): boolean {
  return verifySignature(publicKey, signedBytes(receipt), receipt.signature);
}

export function opensSweep(
  { root, treeSize: size }: SweepReceipt,
  { position: index, path: proof, salt, statement }: SweepOpening,
): boolean {
  return verifyInclusion({ leafHash: leafHash(Buffer.concat([salt, statement])), index, size, proof, root });
}

/** A verifier rebuilds these bytes from a leaf of the log. */
function signedBytes({
  keyId,
  root,
  service,
  signedAt,
  sweepId,
  treeSize,
}: Omit<SweepReceipt, 'signature'>): Buffer {
  const signed = canonicalJson({
    key_id: keyId,
    root: root.toString('base64'),
    service,
    signed_at: signedAt.toISOString(),
    sweep: sweepId,
    tree_size: treeSize,
  });
  return Buffer.from(PREFIX + signed);
}
