import { describe, expect, it } from '@jest/globals';
import { canonicalJson, newId, SigningKey } from '@heed/kernel';
import { verifyCertificate } from '../src/index.js';
import { certify, digest, draft, signNote, vkeyOf, type Draft } from './certificate-maker.js';

const logKey = SigningKey.generate();
const vkey = vkeyOf(logKey);

function file(certificate: object): Buffer {
  return Buffer.from(canonicalJson(certificate));
}

function refusal(data: Uint8Array, key = vkey): string {
  try {
    verifyCertificate(data, key);
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
  return 'accepted';
}

/** What becomes of a certificate over facts that a spec has altered, all signed and logged as they should be. */
function refusalOf(alter: (facts: Draft) => void): string {
  const facts = draft();
  alter(facts);
  return refusal(file(certify(facts, logKey)));
}

/** The least that a certificate can be about: one service with one store, alone in the log. */
function small(): Draft {
  const facts = draft();
  const manifest = { service: 'contacts', stores: [{ kind: 'keys', name: 'keys' }] };
  facts.manifests = { contacts: manifest };
  facts.request.manifests = { contacts: digest(manifest) };
  facts.statements = facts.statements.filter(({ service }) => service === 'contacts');
  for (const statement of facts.statements) {
    statement.manifest = digest(manifest);
    statement.entries.shift();
  }
  facts.keyLeaves = ['contacts'];
  facts.strangers = 0;
  return facts;
}

/** The statement of telephony's probe, and of its erasure. */
const probe = (facts: Draft) => facts.statements[3]!;
const erasure = (facts: Draft) => facts.statements[1]!;

describe('a certificate', () => {
  it('verifies with the file and the key alone, and says what every store has answered', () => {
    const facts = draft();
    const verified = verifyCertificate(file(certify(facts, logKey)), vkey);
    expect(verified).toMatchObject({ receipts: 2, probes: 2, log: { origin: 'heed.test/log' } });
    expect(verified.claims).toMatchObject({
      request: facts.request['request'],
      right: 'ERASURE',
      objects: true,
    });
    expect(
      verified.claims.stores.map(({ store, outcome, probe }) => [store, outcome, probe?.outcome]),
    ).toEqual([
      ['contacts.call', 'ERASED', 'PROBED_CLEAN'],
      ['contacts.keys', 'ERASED', 'PROBED_CLEAN'],
      ['telephony.call', 'ERASED', 'PROBED_CLEAN'],
      ['telephony.keys', 'ERASED', 'PROBED_CLEAN'],
    ]);
  });

  it('is refused when any one of its bytes is another', () => {
    const genuine = file(certify(small(), logKey));
    expect(refusal(genuine)).toBe('accepted');
    const accepted: number[] = [];
    for (let at = 0; at < genuine.length; at++) {
      const spoiled = Buffer.from(genuine);
      // The lowest bit makes a digit another digit and a letter another letter: the JSON mostly stays JSON.
      spoiled[at]! ^= 1;
      if (refusal(spoiled) === 'accepted') accepted.push(at);
    }
    expect(accepted).toEqual([]);
    // Some 5,000 verifications: 4 s on an idle core.
  });

  it('is refused when it is cut short or goes on', () => {
    const genuine = file(certify(draft(), logKey));
    for (const other of [
      genuine.subarray(0, -1),
      Buffer.concat([genuine, Buffer.from('\n')]),
      Buffer.concat([Buffer.from('\ufeff'), genuine]),
      Buffer.from(JSON.stringify(JSON.parse(genuine.toString()), null, 2)),
      Buffer.alloc(0),
      Buffer.from([0xff, 0xfe]),
    ]) {
      expect(refusal(other)).toBe('CERTIFICATE_MALFORMED');
    }
  });

  it('is refused when it says a word more than is described', () => {
    const genuine = certify(draft(), logKey);
    expect(refusal(file({ ...genuine, note: 'all is well' }))).toBe('CERTIFICATE_MALFORMED');
    expect(refusal(file({ ...genuine, log: { ...genuine.log, note: '' } }))).toBe('CERTIFICATE_MALFORMED');
    expect(refusal(file({ ...genuine, claims: { ...genuine.claims, note: '' } }))).toBe('CLAIMS_NOT_PROVED');
    const smuggled = file(genuine).toString().replace('{"answered_at"', '{"__proto__":1,"answered_at"');
    expect(refusal(Buffer.from(smuggled))).toBe('CLAIMS_NOT_PROVED');
  });

  it('is refused when it is signed anew by another key, under the same name', () => {
    const other = SigningKey.generate();
    const forged = file(certify(draft(), other));
    expect(refusal(forged)).toBe('CHECKPOINT_NOT_SIGNED');
    expect(refusal(forged, vkeyOf(other))).toBe('accepted');
  });

  it('is refused when a stranger has signed the checkpoint, too', () => {
    const certificate = certify(draft(), logKey);
    const checkpoint = String(certificate.log['checkpoint']);
    const text = checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1);
    const theirs = signNote(text, SigningKey.generate(), 'witness.example').slice(text.length + 1);
    certificate.log['checkpoint'] = checkpoint + theirs;
    expect(refusal(file(certificate))).toBe('CHECKPOINT_NOT_SIGNED');
  });

  it('is refused under a verifier key that is none', () => {
    const genuine = file(certify(draft(), logKey));
    for (const key of ['', 'heed.test/log', vkey.replace(/\+.{8}\+/, '+00000000+'), `${vkey}AAAA`]) {
      expect(refusal(genuine, key)).toBe('VERIFIER_KEY_MALFORMED');
    }
  });

  it('is refused when a leaf was never in the log', () => {
    const certificate = certify(draft(), logKey);
    const leaves = certificate.log['leaves'] as { data: string }[];
    const last = leaves.at(-1)!;
    last.data = Buffer.from(
      canonicalJson({ commitment: 'A'.repeat(43) + '=', type: 'request_closed' }),
    ).toString('base64');
    expect(refusal(file(certificate))).toBe('LEAF_NOT_IN_LOG');
  });

  it('is refused when the log has not taken in the key of a service', () => {
    expect(refusalOf((facts) => facts.keyLeaves.pop())).toBe('SERVICE_KEY_UNKNOWN');
    const other = SigningKey.generate();
    expect(refusalOf((facts) => (probe(facts).signer = other))).toBe('SERVICE_KEY_UNKNOWN');
  });

  it('6.8 stands with what a stolen key signed before it was revoked, and is refused with what it signed afterwards', () => {
    const next = SigningKey.generate();
    const revokedBefore = (at: number, signer?: SigningKey) => (facts: Draft) => {
      const key = facts.keys['telephony']!;
      facts.keyEvents = [
        { before: at, service: 'telephony', key, revoked: true },
        { before: at, service: 'telephony', key: next },
      ];
      if (signer) probe(facts).signer = signer;
    };
    expect(refusalOf(revokedBefore(3, next))).toBe('accepted');
    expect(refusalOf(revokedBefore(3))).toBe('SERVICE_KEY_REVOKED');
    expect(refusalOf(revokedBefore(1, next))).toBe('SERVICE_KEY_REVOKED');
  });

  it('6.8 is refused when the revocation is left out of it: the receipt names the leaf behind', () => {
    const facts = draft();
    const key = facts.keys['telephony']!;
    facts.keyEvents = [{ before: 3, service: 'telephony', key, revoked: true }];
    const certificate = certify(facts, logKey);
    const leaves = certificate.log['leaves'] as { data: string }[];
    const isRevocation = ({ data }: { data: string }) => Buffer.from(data, 'base64').includes('key_revoked');
    certificate.log['leaves'] = leaves.filter((leaf) => !isRevocation(leaf));
    expect(refusal(file(certificate))).toBe('LEAF_MALFORMED');
  });

  it('is refused when another service has signed', () => {
    expect(refusalOf((facts) => (facts.keys['telephony'] = facts.keys['contacts']!))).toBe('accepted');
    const facts = draft();
    const certificate = certify(facts, logKey);
    const impostor = { ...facts, keys: { ...facts.keys, telephony: facts.keys['contacts']! } };
    impostor.keyLeaves = ['contacts'];
    expect(refusal(file(certify(impostor, logKey)))).toBe('SERVICE_KEY_UNKNOWN');
    expect(refusal(file(certificate))).toBe('accepted');
  });

  it('6.8 says which probes are the word of the service that was searched, and is refused when it is silent on it', () => {
    const facts = draft();
    facts.participants = ['telephony'];
    const certificate = certify(facts, logKey);
    const { stores } = verifyCertificate(file(certificate), vkey).claims;
    expect(stores.map(({ service, probe: found }) => [service, found?.self_attested])).toEqual([
      ['contacts', undefined],
      ['contacts', undefined],
      ['telephony', true],
      ['telephony', true],
    ]);
    for (const { probe: found } of certificate.claims.stores as { probe: Record<string, unknown> }[])
      delete found['self_attested'];
    expect(refusal(file(certificate))).toBe('CLAIMS_NOT_PROVED');
  });

  it('6.5 is refused when a pinned service has not answered', () => {
    expect(refusalOf((facts) => facts.statements.splice(1, 1))).toBe('ANSWER_MISSING');
  });

  it('6.5 is refused when a declared store has not answered', () => {
    expect(refusalOf((facts) => erasure(facts).entries.pop())).toBe('ANSWER_MISSING');
  });

  it('6.5 is refused when the manifest is not the pinned one', () => {
    expect(
      refusalOf((facts) => {
        const manifest = facts.manifests['telephony']!;
        (manifest['stores'] as unknown[]).shift();
        erasure(facts).entries.pop();
        probe(facts).entries.pop();
      }),
    ).toBe('MANIFEST_NOT_PINNED');
  });

  it('6.5 is refused when the service worked by another manifest than the pinned one', () => {
    expect(
      refusalOf((facts) => {
        const { stores, ...rest } = facts.manifests['telephony'] as { stores: unknown[] };
        erasure(facts).manifest = digest({ ...rest, stores: stores.slice(1) });
      }),
    ).toBe('STATEMENT_OF_ANOTHER');
  });

  it('6.4 is refused without a probe, with one that found something, and with one made before the erasure', () => {
    expect(refusalOf((facts) => facts.statements.pop())).toBe('ANSWER_MISSING');
    expect(refusalOf((facts) => (probe(facts).entries[0]!['outcome'] = 'PROBED_FOUND'))).toBe(
      'ANSWER_MISSING',
    );
    expect(refusalOf((facts) => facts.statements.reverse())).toBe('ANSWER_MISSING');
    expect(refusalOf((facts) => (probe(facts)['order_number'] = 1))).toBe('ANSWER_MISSING');
  });

  it('6.2 is refused when a statement is about another person, request, tenant or order', () => {
    for (const member of ['subject', 'request', 'tenant', 'order']) {
      expect(refusalOf((facts) => (erasure(facts)[member] = newId()))).toBe('STATEMENT_OF_ANOTHER');
    }
  });

  it('is refused when the readable part says something else than the statements', () => {
    const certificate = certify(draft(), logKey);
    certificate.claims.stores[0]!['count'] = 3;
    expect(refusal(file(certificate))).toBe('CLAIMS_NOT_PROVED');
  });

  it('is refused when it carries leaves that it does not need', () => {
    const facts = draft();
    facts.keys['campaigns'] = SigningKey.generate();
    facts.keyLeaves.push('campaigns');
    expect(refusal(file(certify(facts, logKey)))).toBe('LEAF_MALFORMED');
  });
});
