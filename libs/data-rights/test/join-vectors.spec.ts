import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { canonicalJson, keyIdOf, leafHash, rootOf, verifyInclusion, verifySignature } from '@heed/kernel';
import { answerNames, isManifestSignedBy } from '../src/manifest-stores.js';
import { readJoinedManifest, takesCorrections } from '../src/joined-manifest.js';
import { openReceipt } from '../src/open-receipt.js';
import { areSignedOrders, readOrders } from '../src/order-batch.js';
import { isReceiptSignedBy, receiptFromWire } from '../src/receipt.js';
import { readStatement } from '../src/statement.js';

interface Key {
  seed: string;
  public_key: string;
  key_id: string;
}

interface SignedOrders {
  batch: { orders: { subject_id: string }[] };
  bytes: string;
  key_id: string;
  signature: string;
}

type SignedReceipt = Record<'batch_id' | 'receipt_id' | 'root' | 'signature' | 'signed_at', string> & {
  tree_size: number;
  openings: {
    order_id: string;
    says: object;
    statement: string;
    salt: string;
    leaf: string;
    leaf_index: number;
    path: string[];
  }[];
};

interface Vectors {
  participant: Key;
  privacy: Key;
  token: { tenant: string; iat: number; jwt: string };
  manifest: { stores: object[]; bytes: string; version: string; signature: string };
  orders: SignedOrders;
  receipt: SignedReceipt & { signed: string };
  correction: {
    manifest: Vectors['manifest'];
    orders: SignedOrders;
    answer: { says: { corrections: { value: string; previous?: string }[] }; bytes: string };
    receipt: SignedReceipt;
  };
  retirement: { says: object; bytes: string; signature: string };
  key_change: Record<'seed' | 'key_id' | 'bytes' | 'signature' | 'new_signature', string> & {
    says: { key: string };
  };
}

/** What the example has of its own, without a line of ours. */
interface Forms {
  canonicalJson(value: unknown): string;
  readKey(pem: string): object;
  token(name: string, key: object, tenantId: string, seconds: number): string;
  manifestOf(name: string, stores: object[]): { bytes: Buffer; version: string };
  signReceipt(
    head: object,
    statements: object[],
    key: object,
    newSalt: () => Buffer,
  ): { receipt: { signature: Buffer } };
}

const docs = new URL('../../../docs/', import.meta.url);
const vectors = JSON.parse(readFileSync(new URL('join-vectors.json', docs), 'utf8')) as Vectors;
const { participant, privacy, manifest, orders, receipt } = vectors;
const bytes = (base64: string) => Buffer.from(base64, 'base64');
const publicKey = bytes(participant.public_key);

/** The very bytes that docs/join.md says make a key. */
function pemOf({ seed }: Key): string {
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seed, 'hex'),
  ]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
}

describe('the test vectors of docs/join.md', () => {
  it('are what privacy takes: manifest, receipt and what it opens to', () => {
    expect(keyIdOf(publicKey)).toBe(participant.key_id);
    expect(isManifestSignedBy(bytes(manifest.bytes), bytes(manifest.signature), publicKey)).toBe(true);
    const read = readJoinedManifest(bytes(manifest.bytes), 'loyalty');
    expect(read).toMatchObject({ service: 'loyalty', version: manifest.version });
    if ('wrong' in read) throw new Error(read.wrong);

    const taken = receiptFromWire({
      ...{ receiptId: receipt.receipt_id, batchId: receipt.batch_id, service: 'loyalty', action: 1 },
      ...{ root: bytes(receipt.root), treeSize: receipt.tree_size, manifestVersion: manifest.version },
      ...{ signedAt: receipt.signed_at, keyId: participant.key_id, signature: bytes(receipt.signature) },
    });
    expect(isReceiptSignedBy(taken, publicKey)).toBe(true);
    expect(verifySignature(publicKey, bytes(receipt.signed), bytes(receipt.signature))).toBe(true);
    const openings = receipt.openings.map((opening) => ({
      ...{ orderId: opening.order_id, statement: bytes(opening.statement), salt: bytes(opening.salt) },
      ...{ leafIndex: opening.leaf_index, path: opening.path.map(bytes) },
    }));
    const issued = openings.map(({ statement }) => readStatement(statement));
    const opened = openReceipt(issued[0]!.tenantId, taken, issued, openings, answerNames(read));
    expect(opened).toHaveLength(3);
    for (const { leaf, leaf_index: index, path, salt, statement } of receipt.openings) {
      expect(leafHash(Buffer.concat([bytes(salt), bytes(statement)]))).toEqual(bytes(leaf));
      const place = { leafHash: bytes(leaf), index, size: 3, proof: path.map(bytes) };
      expect(verifyInclusion({ ...place, root: bytes(receipt.root) })).toBe(true);
    }
    expect(rootOf(receipt.openings.map(({ leaf }) => bytes(leaf)))).toEqual(bytes(receipt.root));
    const { retirement, key_change: change } = vectors;
    const word = Buffer.concat([Buffer.from('heed retirement v2\n'), bytes(retirement.bytes)]);
    expect(verifySignature(publicKey, word, bytes(retirement.signature))).toBe(true);
    expect(bytes(retirement.bytes).toString()).toBe(canonicalJson(retirement.says));
    expect(bytes(change.bytes).toString()).toBe(canonicalJson(change.says));
    const changed = Buffer.concat([Buffer.from('heed key change v1\n'), bytes(change.bytes)]);
    const newKey = bytes(change.says.key);
    expect(keyIdOf(newKey)).toBe(change.key_id);
    expect(verifySignature(publicKey, changed, bytes(change.signature))).toBe(true);
    expect(verifySignature(newKey, changed, bytes(change.new_signature))).toBe(true);
  });

  it('are what privacy sends: a signed batch of orders', () => {
    const event = datarightsV1.OrdersIssued.fromPartial({
      ...{ batchId: receipt.batch_id, batch: bytes(orders.bytes), keyId: orders.key_id },
      signature: bytes(orders.signature),
    });
    expect(areSignedOrders(event, bytes(privacy.public_key))).toBe(true);
    const { orders: read, action } = readOrders(event);
    expect(action).toBe('ERASE');
    expect(read.map(({ subjectId }) => subjectId)).toEqual(
      orders.batch.orders.map(({ subject_id: id }) => id),
    );
    const again = datarightsV1.OrderBatch.encode(datarightsV1.OrderBatch.decode(event.batch)).finish();
    expect(Buffer.from(again)).toEqual(bytes(orders.bytes));
  });

  it('are what is asked and answered about a correction', () => {
    const { manifest: declared, orders: given, answer, receipt: said } = vectors.correction;
    const read = readJoinedManifest(bytes(declared.bytes), 'loyalty');
    if ('wrong' in read) throw new Error(read.wrong);
    expect([read.version, takesCorrections(read)]).toEqual([declared.version, true]);
    expect(isManifestSignedBy(bytes(declared.bytes), bytes(declared.signature), publicKey)).toBe(true);
    const before = readJoinedManifest(bytes(manifest.bytes), 'loyalty');
    expect('wrong' in before || takesCorrections(before)).toBe(false);
    const event = datarightsV1.OrdersIssued.fromPartial({
      ...{ batchId: said.batch_id, batch: bytes(given.bytes), keyId: given.key_id },
      signature: bytes(given.signature),
    });
    expect(areSignedOrders(event, bytes(privacy.public_key))).toBe(true);
    expect(readOrders(event)).toMatchObject({ action: 'CORRECT', orders: [{ corrects: true }] });
    const { corrections } = privacyV1.GetSubjectCorrectionsResponse.decode(bytes(answer.bytes));
    expect(corrections.map(({ value, previous }) => [value, previous])).toEqual(
      answer.says.corrections.map(({ value, previous = '' }) => [value, previous]),
    );
    const taken = receiptFromWire({
      ...{ receiptId: said.receipt_id, batchId: said.batch_id, service: 'loyalty', action: 6 },
      ...{ root: bytes(said.root), treeSize: said.tree_size, manifestVersion: declared.version },
      ...{ signedAt: said.signed_at, keyId: participant.key_id, signature: bytes(said.signature) },
    });
    expect(isReceiptSignedBy(taken, publicKey)).toBe(true);
    const openings = said.openings.map((opening) => ({
      ...{ orderId: opening.order_id, statement: bytes(opening.statement), salt: bytes(opening.salt) },
      ...{ leafIndex: opening.leaf_index, path: opening.path.map(bytes) },
    }));
    const [issued] = openings.map(({ statement }) => readStatement(statement));
    const opened = openReceipt(issued!.tenantId, taken, [issued!], openings, answerNames(read));
    expect(opened).toMatchObject([{ statement: { entries: [{}, { outcome: 'CORRECTED' }, {}] } }]);
    expect(bytes(said.openings[0]!.statement).toString()).toBe(canonicalJson(said.openings[0]!.says));
  });

  it('are what the example makes of the same facts, with its own code', async () => {
    const forms = (await import(new URL('../examples/join/forms.mjs', docs).pathname)) as unknown as Forms;
    const key = forms.readKey(pemOf(participant));
    const { tenant, iat, jwt } = vectors.token;
    expect(forms.token('loyalty', key, tenant, iat)).toBe(jwt);
    const made = forms.manifestOf('loyalty', manifest.stores);
    expect([made.bytes.toString('base64'), made.version]).toEqual([manifest.bytes, manifest.version]);
    let salts = 0;
    const signed = forms.signReceipt(
      {
        ...{ action: 'ERASE', batch_id: receipt.batch_id, receipt_id: receipt.receipt_id },
        ...{ service: 'loyalty', signed_at: receipt.signed_at, manifest_version: manifest.version },
      },
      receipt.openings.map(({ says }) => says),
      key,
      () => bytes(receipt.openings[salts++]!.salt),
    );
    expect(signed.receipt.signature.toString('base64')).toBe(receipt.signature);
  });
});
