import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { ContactsFixture } from './contacts-fixture.js';

const { SuppressionKind: Kind } = contactsV1;

const nowhere = { endpointId: '', optOutToken: '', address: '', endpointHash: Buffer.alloc(0) };

describe('the suppression list', () => {
  let fixture: ContactsFixture;
  let clock: TestClock;
  let tenantId: string;

  beforeAll(async () => {
    clock = new TestClock();
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  const reasonOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: { reason: string }) => error.reason,
    );
  /** Works off what is due, and lets the time pass that each step waits for. */
  const rotated = async (): Promise<number> => {
    await fixture.rotateKey.begin(fixture.caller(tenantId));
    for (;;) {
      await fixture.due.runDue();
      const { state, keyVersion } = await fixture.rotateKey.get(tenantId);
      if (state === 'done') return keyVersion;
      await clock.advance(10_000);
    }
  };
  const versions = async (): Promise<number[]> => {
    const rows = await fixture.rows<{ v: number }>(
      tenantId,
      'select distinct get_byte(endpoint_hash, 0) as v from suppression where tenant_id = $1 order by v',
    );
    return rows.map(({ v }) => v);
  };
  const list = (
    kind: contactsV1.SuppressionKind,
    entries: string[],
    more: Partial<contactsV1.AddSuppressionsRequest> = {},
  ): Promise<contactsV1.AddSuppressionsResponse> =>
    fixture.addSuppressions.add(fixture.caller(tenantId), {
      ...{ kind, entries, reason: 'unsubscribed', channel: typesV1.Channel.CHANNEL_UNSPECIFIED, purpose: '' },
      ...more,
    });
  const digest = (name: string, text: string): string => createHash(name).update(text).digest('hex');

  describe('whose key is rotated', () => {
    it('5.6 recognises whoever was erased before, between and after two rotations', async () => {
      const erased: string[] = [];
      const eraseOne = async (): Promise<void> => {
        const { contactId, email } = await fixture.person(tenantId);
        await fixture.erase(tenantId, contactId, { objects: true });
        erased.push(email);
      };
      await eraseOne();
      expect(await rotated()).toBe(2);
      await eraseOne();
      expect(await versions()).toEqual([2]);
      expect(await rotated()).toBe(3);
      await eraseOne();
      expect(await versions()).toEqual([3]);
      for (const email of erased) {
        expect(await reasonOf(fixture.person(tenantId, { email }))).toBe('SUPPRESSED');
      }
      await fixture.person(tenantId);
    });

    it('5.6 denies, at each step, whoever shares an address that said no, known before or since', async () => {
      const phone = '+442079460018';
      const said = await fixture.person(tenantId);
      await fixture.optOut(tenantId, newId(), {
        heardFrom: { ...nowhere, address: said.email },
      });
      const other = await fixture.person(tenantId, { phone });
      const asked = async (): Promise<string[]> =>
        Promise.all([said, other].map(({ contactId }) => fixture.outcome(tenantId, fixture.ask(contactId))));
      expect(await asked()).toEqual(['suppressed', 'permit']);
      await fixture.rotateKey.begin(fixture.caller(tenantId));
      const states: string[] = [];
      for (;;) {
        await fixture.due.runDue();
        expect(await asked()).toEqual(['suppressed', 'permit']);
        const { state } = await fixture.rotateKey.get(tenantId);
        states.push(state);
        if (state === 'done') break;
        await clock.advance(10_000);
      }
      expect(states).toEqual(expect.arrayContaining(['announced', 'opened', 'done']));
      await fixture.optOut(tenantId, newId(), {
        heardFrom: { ...nowhere, address: other.email },
      });
      expect(await asked()).toEqual(['suppressed', 'suppressed']);
      expect(await versions()).toEqual([2]);
    });

    it('5.6 hears an opt-out by the link of a mail that is older than the key', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
      if (answers[0]?.answer?.$case !== 'permit') throw new Error('no permit');
      const token = answers[0].answer.value.optOutUrl.split('/u/')[1]!;
      await rotated();
      await fixture.erase(tenantId, contactId);
      await fixture.followLink.follow(token, { source: 'page', scope: 'everything' });
      const back = await fixture.person(tenantId, { email });
      expect(await fixture.outcome(tenantId, fixture.ask(back.contactId))).toBe('suppressed');
      expect(await versions()).toEqual([2]);
    });

    it('is rotated once by however many ask at the same time', async () => {
      await fixture.person(tenantId);
      const begun = await Promise.all(
        Array.from({ length: 4 }, () => fixture.rotateKey.begin(fixture.caller(tenantId))),
      );
      expect(new Set(begun.map(({ rotationId }) => rotationId)).size).toBe(1);
      expect(await rotated()).toBe(2);
    });

    it('8.3 leaves other tenants as they are', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId, { objects: true });
      const mine = tenantId;
      tenantId = newId();
      await rotated();
      tenantId = mine;
      expect(await versions()).toEqual([1]);
      expect(await reasonOf(fixture.person(tenantId, { email }))).toBe('SUPPRESSED');
      expect(await reasonOf(fixture.rotateKey.get(tenantId))).toBe('ROTATION_NOT_FOUND');
    });

    it('is made younger by the service, never older, and who was erased not at all', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId, { objects: true });
      const listed = `${newId()}@example.org`;
      await list(Kind.SUPPRESSION_KIND_ADDRESS, [listed]);
      const entries = () =>
        fixture.rows<{ hash: Buffer; reason: string; at: Date }>(
          tenantId,
          'select endpoint_hash as hash, reason, at from suppression where tenant_id = $1 order by reason',
        );
      const before = await entries();
      expect(before).toHaveLength(2);
      const renew = (at: Date) =>
        fixture.as(tenantId, (tx) =>
          tx.query("select heed.renew_suppression($1, r, '', '', '', $2) from unnest($3::text[]) r", [
            before.map(({ hash }) => hash),
            at,
            ['erased', 'listed'],
          ]),
        );
      await renew(new Date(before[1]!.at.getTime() - 1_000));
      expect(await entries()).toEqual(before);
      const later = new Date(before[1]!.at.getTime() + 1_000);
      await renew(later);
      expect(await entries()).toEqual([before[0], { ...before[1], at: later }]);
    });

    it('can be lifted by the service, and not lowered, replaced under the same key, or taken from', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId, { objects: true });
      const hashes = async (): Promise<string[]> => {
        const rows = await fixture.rows<{ h: string }>(
          tenantId,
          `select encode(endpoint_hash, 'hex') as h from suppression where tenant_id = $1`,
        );
        return rows.map(({ h }) => h);
      };
      const before = await hashes();
      const other = Buffer.concat([Buffer.of(1, 1), Buffer.alloc(32)]);
      await fixture.as(tenantId, (tx) =>
        tx.query('select heed.lift_suppression($1, $2)', [[Buffer.from(before[0]!, 'hex')], [other]]),
      );
      expect(await hashes()).toEqual(before);
      for (const sql of ['delete from suppression', 'update suppression set at = now()']) {
        await expect(fixture.as(tenantId, (tx) => tx.execute(sql, []))).rejects.toMatchObject({
          code: '42501',
        });
      }
    });
  });

  it('5.6 finds what was written by older rules for addresses, when new ones have come', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    await fixture.erase(tenantId, contactId, { objects: true });
    const before = fixture.hashes.normalisers;
    fixture.hashes.normalisers = [
      ...before,
      { version: 2, canonicalOf: ({ canonical }) => canonical.replace(/\+[^@]*@/, '@') },
    ];
    try {
      expect(await reasonOf(fixture.person(tenantId, { email }))).toBe('SUPPRESSED');
      const stays = await fixture.person(tenantId, { email: `a+b@${newId()}.example.org` });
      await fixture.erase(tenantId, stays.contactId, { objects: true });
      expect(await reasonOf(fixture.person(tenantId, { email: stays.email }))).toBe('SUPPRESSED');
    } finally {
      fixture.hashes.normalisers = before;
    }
  });

  describe('of others', () => {
    const email = (n: number): string => `Ada.${n}@Example.org`;
    const kinds: [string, contactsV1.SuppressionKind, (address: string) => string][] = [
      ['addresses', Kind.SUPPRESSION_KIND_ADDRESS, (address) => address],
      ['MD5', Kind.SUPPRESSION_KIND_MD5, (address) => digest('md5', address.toLowerCase())],
      ['SHA-1', Kind.SUPPRESSION_KIND_SHA1, (address) => digest('sha1', address.toLowerCase())],
      ['SHA-256', Kind.SUPPRESSION_KIND_SHA256, (address) => digest('sha256', address).toUpperCase()],
    ];

    it.each(kinds)('silences people of a list of %s, known before or since', async (_, kind, entryOf) => {
      const before = await fixture.person(tenantId, { email: email(1).toLowerCase() });
      const added = await list(kind, [entryOf(email(1).toLowerCase()), entryOf(email(2).toLowerCase()), 'x']);
      expect(added).toEqual({ added: 2, known: 0, rejected: 1 });
      const since = await fixture.person(tenantId, { email: email(2) });
      const another = await fixture.person(tenantId, { email: email(3) });
      const asked = (): Promise<string[]> =>
        Promise.all(
          [before, since, another].map(({ contactId }) => fixture.outcome(tenantId, fixture.ask(contactId))),
        );
      expect(await asked()).toEqual(['suppressed', 'suppressed', 'permit']);
      expect(await list(kind, [entryOf(email(1).toLowerCase())])).toMatchObject({ added: 0, known: 1 });
      await rotated();
      expect(await asked()).toEqual(['suppressed', 'suppressed', 'permit']);
    });

    it.each([
      ['+442079460018', 'E.164'],
      ['442079460018', 'its digits'],
    ])('silences a telephone by the digest of %s (%s)', async (written) => {
      const { contactId } = await fixture.person(tenantId, { phone: '+442079460018' });
      await fixture.consent(tenantId, contactId, typesV1.Channel.CHANNEL_VOICE);
      const ask = fixture.ask(contactId, { channel: 'voice' });
      expect(await fixture.outcome(tenantId, ask)).toBe('permit');
      await list(Kind.SUPPRESSION_KIND_SHA256, [digest('sha256', written)]);
      expect(await fixture.outcome(tenantId, fixture.ask(contactId, { channel: 'voice' }))).toBe(
        'suppressed',
      );
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
    });

    it('silences only what the list is for', async () => {
      const person = await fixture.person(tenantId);
      const entry = digest('md5', person.email);
      await list(Kind.SUPPRESSION_KIND_MD5, [entry], { purpose: 'offers' });
      expect(await fixture.outcome(tenantId, fixture.ask(person.contactId))).toBe('permit');
      await list(Kind.SUPPRESSION_KIND_MD5, [entry], { purpose: 'newsletter' });
      expect(await fixture.outcome(tenantId, fixture.ask(person.contactId))).toBe('suppressed');
    });

    it('keeps neither the addresses nor their digests', async () => {
      await list(Kind.SUPPRESSION_KIND_MD5, [digest('md5', 'ada@example.org')]);
      const [row] = await fixture.rows<{ hash: string }>(
        tenantId,
        `select encode(endpoint_hash, 'hex') as hash from suppression where tenant_id = $1`,
      );
      expect(row!.hash).not.toContain(digest('md5', 'ada@example.org'));
    });

    it('finds people who were here before there were forms of their addresses', async () => {
      const { contactId, email: address } = await fixture.person(tenantId);
      await fixture.as(tenantId, (tx) =>
        tx.execute('update endpoint set forms = null, formed = 0 where tenant_id = $1', [tenantId]),
      );
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
      await list(Kind.SUPPRESSION_KIND_SHA1, [digest('sha1', address)]);
      await fixture.due.runDue();
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('suppressed');
    });

    it('stays when somebody on it is erased', async () => {
      const { contactId, email: address } = await fixture.person(tenantId);
      await list(Kind.SUPPRESSION_KIND_MD5, [digest('md5', address)]);
      await fixture.erase(tenantId, contactId);
      const back = await fixture.person(tenantId, { email: address });
      expect(await fixture.outcome(tenantId, fixture.ask(back.contactId))).toBe('suppressed');
    });
  });
});
