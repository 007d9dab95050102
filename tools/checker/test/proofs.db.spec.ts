import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identity } from '@heed/identity-service';
import { inclusionProofs, leafHash, newId, SigningKey } from '@heed/kernel';
import { messaging } from '@heed/messaging-service';
import { encodeLeaf, PERMIT_CONTEXT, type PermitLeaf } from '@heed/permits';
import { migrationsOf } from '@heed/service';
import { telephony } from '@heed/telephony-service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { checkInstallation } from '../src/index.js';

const SERVICES = [identity, messaging, telephony];

interface Proof {
  leaf: Buffer;
  index: number;
  size: number;
  path: Buffer;
  root: Buffer;
  signature: Buffer;
  keyId: string;
}

describe('heed check, of the proofs that attempts keep', () => {
  const key = SigningKey.generate();
  const ofIdentity = SigningKey.generate();
  const databases = new Map<string, TestDatabase>();
  const clients = new Map<string, pg.Client>();

  beforeAll(async () => {
    for (const service of SERVICES) {
      const database = await createTestDatabase(service.name, migrationsOf(service));
      databases.set(service.name, database);
      const client = new pg.Client({ connectionString: database.superuserUrl });
      await client.connect();
      // As after a restore: rows that foreign keys would refuse.
      await client.query('set session_replication_role = replica');
      clients.set(service.name, client);
    }
    for (const [service, { keyId, publicKey }] of [
      ['contacts', key] as const,
      ['identity', ofIdentity] as const,
    ]) {
      await clients.get('identity')!.query(
        `insert into service_key (service, key_id, public_key, registered_at)
         values ($1, $2, $3, clock_timestamp())`,
        [service, keyId, publicKey],
      );
    }
  });
  beforeEach(async () => {
    await clients.get('messaging')!.query('delete from attempt');
    await clients.get('telephony')!.query('delete from call');
  });
  afterAll(async () => {
    for (const client of clients.values()) await client.end();
    await Promise.all([...databases.values()].map((database) => database.drop()));
  });

  function leafFor(channel: number, change: Partial<PermitLeaf> = {}): PermitLeaf {
    return {
      ...{ tenantId: newId(), permitId: newId(), attemptId: newId(), nonce: Buffer.alloc(16, 1) },
      ...{ contactId: newId(), channel, endpointId: newId(), addressCommitment: Buffer.alloc(32, 7) },
      ...{ purpose: 'news', consentEntryId: newId(), ruleVersion: 'spec', lifetimeMs: 1_000 },
      issuedAt: '2026-11-23T09:00:00.000Z',
      ...change,
    };
  }

  /** Proofs as contacts makes them, of one batch. */
  function proofsOf(leaves: readonly PermitLeaf[], signer = key, keyId = key.keyId): Proof[] {
    const bytes = leaves.map(encodeLeaf);
    const { root, proofs } = inclusionProofs(bytes.map((leaf) => leafHash(leaf)));
    const signature = signer.sign(Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]));
    return bytes.map((leaf, index) => {
      const path = Buffer.concat(proofs[index]!);
      return { leaf, index, size: leaves.length, path, root, signature, keyId };
    });
  }

  async function keep(
    service: 'messaging' | 'telephony',
    leaf: PermitLeaf,
    proof: Proof,
    issuer = 'contacts',
  ): Promise<void> {
    const own =
      service === 'messaging'
        ? {
            table: 'attempt',
            columns:
              'attempt_id, intent_id, campaign_id, template_id, sender_id, try, queued_at, next_at, issuer',
            values: `$3, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, now(), now(), '${issuer}'`,
          }
        : { table: 'call', columns: 'call_id, wants_recording, created_at', values: '$3, false, now()' };
    await clients.get(service)!.query(
      `insert into ${own.table} (tenant_id, row_id, contact_id, ${own.columns}, purpose, state, reason, armed_at,
         permit_id, endpoint_id, consent_entry_id, permit_leaf, permit_leaf_index, permit_tree_size, permit_path,
         permit_root, permit_signature, permit_key_id)
       values ($1, gen_random_uuid(), $2, ${own.values}, $4, 'armed', '', now(), $5, $6, $7, $8, $9, $10, $11, $12, $13,
         $14)`,
      [
        ...[leaf.tenantId, leaf.contactId, leaf.attemptId, leaf.purpose],
        ...[leaf.permitId, leaf.endpointId, leaf.consentEntryId],
        ...[proof.leaf, proof.index, proof.size, proof.path, proof.root, proof.signature, proof.keyId],
      ],
    );
  }

  async function found(): Promise<string[]> {
    const urls = Object.fromEntries(
      [...databases].map(([name, database]) => [name, database.urlOf('probe')]),
    );
    return (await checkInstallation(urls, ['I1']))
      .filter(({ count, says }) => count > 0 && says.includes('proof'))
      .map(({ service, says, count }) => `${service}: ${says}: ${count}`);
  }

  it('1.5 finds nothing wrong in batches of any size, of mails and of calls', async () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      for (const [service, channel] of [
        ['messaging', 1],
        ['telephony', 2],
      ] as const) {
        const leaves = Array.from({ length: size }, () => leafFor(channel));
        const proofs = proofsOf(leaves);
        for (const [index, leaf] of leaves.entries()) await keep(service, leaf, proofs[index]!);
      }
    }
    expect(await found()).toEqual([]);
  });

  it.each<[string, (proof: Proof, other: Proof) => Partial<Proof>]>([
    ['signed by another key', (_, { signature }) => ({ signature })],
    ['of a key that contacts never had', () => ({ keyId: '0123456789abcdef' })],
    ['under another root', (_, { root }) => ({ root })],
    ['at another place', ({ index }) => ({ index: index ^ 1 })],
    ['in a tree of another size', ({ size }) => ({ size: size * 2 })],
    ['on a path that ends early', ({ path }) => ({ path: path.subarray(32) })],
    ['whose leaf was changed', ({ leaf }) => ({ leaf: Buffer.from(`${leaf.toString()} `) })],
    ['whose leaf is no text', () => ({ leaf: Buffer.from([0xff, 0x00]) })],
  ])('finds a proof %s', async (_, tamper) => {
    const leaves = [leafFor(1), leafFor(1), leafFor(1)];
    const [, proof] = proofsOf(leaves);
    const [other] = proofsOf([leafFor(1)], SigningKey.generate());
    await keep('messaging', leaves[1]!, { ...proof!, ...tamper(proof!, other!) });
    expect(await found()).toEqual(['messaging: an attempt keeps a proof that does not verify: 1']);
  });

  it.each<[string, Partial<PermitLeaf>]>([
    ['another attempt', { attemptId: newId() }],
    ['another person', { contactId: newId() }],
    ['another tenant', { tenantId: newId() }],
    ['another purpose', { purpose: 'offers' }],
    ['another channel', { channel: 1 }],
    ['another endpoint', { endpointId: newId() }],
    ['longer than a permit may live', { lifetimeMs: 60_000 }],
  ])('1.2 finds a genuine proof that is for %s', async (_, change) => {
    const leaf = leafFor(2);
    const [proof] = proofsOf([{ ...leaf, ...change }]);
    await keep('telephony', leaf, proof!);
    expect(await found()).toEqual(['telephony: a call keeps the proof of a permit for something else: 1']);
  });

  describe('1.3 of members', () => {
    const leafOf = (issuer?: 'identity' | 'privacy') =>
      leafFor(1, { ...(issuer && { issuer }), purpose: 'security' });

    it('stand under the key of identity', async () => {
      const leaf = leafOf('identity');
      const [proof] = proofsOf([leaf], ofIdentity, ofIdentity.keyId);
      await keep('messaging', leaf, proof!, 'identity');
      expect(await found()).toEqual([]);
    });

    it.each([
      ['signed by contacts', 'identity', 'identity', 'contacts'],
      ['of a contact, signed by identity', 'contacts', undefined, 'identity'],
    ] as const)('are found where they are %s', async (_, issuer, leafIssuer, signer) => {
      const leaf = leafOf(leafIssuer);
      const by = signer === 'identity' ? ofIdentity : key;
      const [proof] = proofsOf([leaf], by, by.keyId);
      await keep('messaging', leaf, proof!, issuer);
      expect(await found()).toEqual(['messaging: an attempt keeps a proof that does not verify: 1']);
    });

    it.each([
      ['a contact', 'identity', undefined],
      ['a requester', 'identity', 'privacy'],
      ['a member, on the attempt of a contact', 'contacts', 'identity'],
    ] as const)('are found where they are for %s', async (_, issuer, leafIssuer) => {
      const leaf = leafOf(leafIssuer);
      const by = issuer === 'identity' ? ofIdentity : key;
      const [proof] = proofsOf([leaf], by, by.keyId);
      await keep('messaging', leaf, proof!, issuer);
      expect(await found()).toEqual([
        'messaging: an attempt keeps the proof of a permit for something else: 1',
      ]);
    });
  });
});
