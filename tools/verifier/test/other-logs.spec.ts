import { describe, expect, it } from '@jest/globals';
import { canonicalJson, leafHash, newId, rootOf, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, draft, LOG, signNote, vkeyOf, type Draft } from './certificate-maker.js';

const logKey = SigningKey.generate();
const vkey = vkeyOf(logKey);

type Certificate = ReturnType<typeof certify>;
interface LeafInFile {
  data: string;
  index: number;
  proof: string[];
}

const leavesOf = (certificate: Certificate): LeafInFile[] => certificate.log['leaves'] as LeafInFile[];

function verdict(certificate: Certificate, key = vkey): string {
  try {
    verifyCertificate(Buffer.from(canonicalJson(certificate)), key);
    return 'accepted';
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

/** Two people whose erasures stand in logs that are the same but for what is about them. */
function pair(): [Certificate, Certificate] {
  const one = draft();
  const other: Draft = structuredClone({ ...one, keys: {} });
  other.keys = one.keys;
  Object.assign(other.request, { request: newId(), subject: newId() });
  const { request, subject } = other.request;
  for (const statement of other.statements) Object.assign(statement, { request, subject });
  return [certify(one, logKey), certify(other, logKey)];
}

describe('6.3 a certificate whose leaves', () => {
  it('are in another order, in the file or in the log, is refused', () => {
    const turned = certify(draft(), logKey);
    leavesOf(turned).reverse();
    expect(verdict(turned)).toBe('CERTIFICATE_MALFORMED');
    // Two leaves have changed places: each is in the log, and at none of these indices.
    const swapped = certify(draft(), logKey);
    const [first, second] = leavesOf(swapped);
    [first!.data, second!.data] = [second!.data, first!.data];
    expect(verdict(swapped)).toBe('LEAF_NOT_IN_LOG');
    const moved = certify(draft(), logKey);
    const [one, two] = leavesOf(moved);
    [one!.data, two!.data, one!.proof, two!.proof] = [two!.data, one!.data, two!.proof, one!.proof];
    expect(verdict(moved)).toBe('LEAF_NOT_IN_LOG');
  });

  it('stand in a fork of the log, under a checkpoint of the same size, is refused with either checkpoint', () => {
    const [one, fork] = pair();
    expect([verdict(one), verdict(fork)]).toEqual(['accepted', 'accepted']);
    [one.log['checkpoint'], fork.log['checkpoint']] = [fork.log['checkpoint'], one.log['checkpoint']];
    expect([verdict(one), verdict(fork)]).toEqual(['LEAF_NOT_IN_LOG', 'LEAF_NOT_IN_LOG']);
  });

  it('are those of another log, or of another origin of the same, is refused', () => {
    const [ours, theirs] = [certify(draft(), logKey), certify(draft(), SigningKey.generate())];
    ours.log['leaves'] = theirs.log['leaves'];
    expect(verdict(ours)).toBe('LEAF_NOT_IN_LOG');
    // The same key signs under another name: a checkpoint of that origin is none of this one.
    const again = certify(draft(), logKey);
    const text = String(again.log['checkpoint']).split('\n\n')[0]!.replace(LOG, `${LOG}/2`);
    again.log['checkpoint'] = signNote(`${text}\n`, logKey, `${LOG}/2`);
    expect(verdict(again)).toBe('CHECKPOINT_NOT_SIGNED');
    expect(verdict(again, vkeyOf(logKey, `${LOG}/2`))).toBe('accepted');
    again.log['checkpoint'] = signNote(`${text}\n`, logKey);
    expect(verdict(again)).toBe('CHECKPOINT_NOT_SIGNED');
  });

  it('are proved to a tree that holds nothing is refused', () => {
    const empty = certify(draft(), logKey);
    empty.log['checkpoint'] = signNote(`${LOG}\n0\n${rootOf([]).toString('base64')}\n`, logKey);
    expect(verdict(empty)).toBe('LEAF_NOT_IN_LOG');
    // A node is no leaf: what is hashed under it cannot be shown as one.
    const node = certify(draft(), logKey);
    const [first] = leavesOf(node);
    const inside = Buffer.concat([
      leafHash(Buffer.from(first!.data, 'base64')),
      Buffer.from(first!.proof[0]!, 'base64'),
    ]);
    [first!.data, first!.proof] = [inside.toString('base64'), first!.proof.slice(1)];
    expect(verdict(node)).toBe('LEAF_NOT_IN_LOG');
  });
});

describe('6.2 the certificate of one request', () => {
  it('is refused when it is shown for another, whichever part of it is exchanged', () => {
    const [one, other] = pair();
    // Both logs are alike, so that every leaf stands at the same index.
    for (const member of ['request', 'openings', 'claims', 'log']) {
      const mixed: Certificate = structuredClone(one);
      mixed[member] = other[member];
      expect([member, verdict(mixed)]).toEqual([
        member,
        ...{
          request: ['STATEMENT_NOT_COMMITTED'],
          openings: ['RECEIPT_NOT_SIGNED'],
          claims: ['CLAIMS_NOT_PROVED'],
          log: ['STATEMENT_NOT_COMMITTED'],
        }[member]!,
      ]);
    }
    expect(verdict({ ...structuredClone(one), ...{ request: other['request'], log: other.log } })).toBe(
      'RECEIPT_NOT_SIGNED',
    );
    const { claims, log } = one;
    expect(verdict({ ...other, claims, log } as Certificate)).toBe('STATEMENT_NOT_COMMITTED');
  });

  it('is refused with receipts that were given for somebody else in the same log', () => {
    const facts = draft();
    // The statement about somebody else is signed, and logged, like all others.
    facts.statements[1]!['subject'] = newId();
    expect(verdict(certify(facts, logKey))).toBe('STATEMENT_OF_ANOTHER');
  });
});
