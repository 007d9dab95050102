import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_OUTREACH, contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { lockSubjects, sqlstate } from '@heed/postgres';
import { brokenPromises, gate, TestClock } from '@heed/testing';
import { decisive, type ConsentState, type Scope } from '../src/consent/consent.js';
import { appendEntries, nextEpochs } from '../src/consent/consent.store.js';
import { senderId } from '../src/consent/sender.js';
import { judge } from '../src/permits/permit.store.js';
import { ContactsFixture, pieces, reasonOf } from './contacts-fixture.js';

const { OptOutEffect, ConsentSource } = contactsV1;
const { Channel } = typesV1;

describe('consent', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    await clock.advance(1_000);
  });
  afterAll(() => fixture.drop());

  const outboxOf = async (contactId: string): Promise<{ sequence: string; type: string }[]> => {
    const { rows } = await fixture.main
      .open()
      .pool('probe')
      .query('select sequence, type from heed.outbox where tenant_id = $1 and key = $2 order by seq', [
        tenantId,
        contactId,
      ]);
    return rows as { sequence: string; type: string }[];
  };

  describe('an opt-out', () => {
    it('is in the ledger, in the state, in the outbox under the next number, and is heard by senders', async () => {
      const { contactId } = await fixture.person(tenantId);
      fixture.signals.heard.length = 0;
      const answer = await fixture.optOut(tenantId, contactId, { evidence: 'stop it' });
      expect(answer).toMatchObject({
        effect: OptOutEffect.OPT_OUT_EFFECT_RECORDED,
        entry: { epoch: 2n, contactId },
      });
      expect(new Date(answer.effectiveAt).getTime()).toBe(clock.now().getTime() + 1_000);
      expect((await outboxOf(contactId)).map(({ sequence }) => sequence)).toEqual(['1', '2']);
      expect(fixture.signals.heard).toEqual([
        { subject: 'heed.revoked', data: { tenantId, contactId, endpointHash: undefined } },
      ]);
    });

    it('keeps its evidence sealed under the person', async () => {
      const { contactId } = await fixture.person(tenantId);
      const { entry } = await fixture.optOut(tenantId, contactId, { evidence: 'stop it' });
      const [row] = await fixture.rows<{ sealed: Buffer }>(
        tenantId,
        'select sealed from consent_evidence where tenant_id = $1 and entry_id = $2',
        [entry!.entryId],
      );
      expect(row!.sealed.toString()).not.toContain('stop it');
      const place = { table: 'consent_evidence', row: entry!.entryId, column: 'sealed' };
      expect((await fixture.sealing.open(tenantId, contactId, place, row!.sealed)).toString()).toBe(
        'stop it',
      );
    });

    it('said again is in the ledger again, and says that nothing was left to withdraw', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.optOut(tenantId, contactId);
      const again = await fixture.optOut(tenantId, contactId, {
        channel: Channel.CHANNEL_EMAIL,
        purpose: 'newsletter',
      });
      expect(again).toMatchObject({ effect: OptOutEffect.OPT_OUT_EFFECT_ALREADY_OUT, entry: { epoch: 3n } });
    });

    it('sent twice under one request_id is recorded once', async () => {
      const { contactId } = await fixture.person(tenantId);
      const caller = fixture.caller(tenantId);
      const request = {
        ...{
          requestId: newId(),
          contactId,
          channel: 0,
          ...{ purpose: '', sender: '' },
          ...{ evidence: '', heardFrom: undefined },
          source: ConsentSource.CONSENT_SOURCE_API,
        },
      };
      const [one, two] = [
        await fixture.recordOptOut.record(caller, request),
        await fixture.recordOptOut.record(caller, request),
      ];
      expect(two.entry).toEqual(one.entry);
      expect(await outboxOf(contactId)).toHaveLength(2);
    });

    it('2.4 of somebody erased or never known is not refused', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId);
      for (const id of [contactId, newId()]) {
        const answer = await fixture.optOut(tenantId, id, { evidence: 'said on the phone' });
        expect(answer).toMatchObject({ effect: OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED, entry: undefined });
      }
    });

    it('2.11 waits for no key: it is committed before its evidence is sealed, which follows', async () => {
      const { contactId } = await fixture.person(tenantId);
      const kept = () => fixture.rows(tenantId, 'select 1 from consent_evidence where tenant_id = $1');
      await fixture.whileKeysAreHeld(async () => {
        const answering = fixture.optOut(tenantId, contactId, { evidence: 'stop' });
        await clock.waiting();
        expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
        await clock.advance(500);
        expect((await answering).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_RECORDED);
        expect(await kept()).toEqual([]);
      });
      while ((await kept()).length === 0);
    });

    it('by a member may be said to an agent or sent by a system, and nothing else', async () => {
      const { contactId } = await fixture.person(tenantId);
      const stated = (source: contactsV1.ConsentSource) =>
        reasonOf(fixture.optOut(tenantId, contactId, { source }));
      expect(await stated(ConsentSource.CONSENT_SOURCE_ONE_CLICK)).toBe('INVALID_ARGUMENT');
      expect(await stated(ConsentSource.CONSENT_SOURCE_IMPORT)).toBe('INVALID_ARGUMENT');
      expect(await stated(ConsentSource.CONSENT_SOURCE_API)).toBe('accepted');
    });

    it('8.1 reaches nobody of another tenant', async () => {
      const { contactId } = await fixture.person(tenantId);
      expect((await fixture.optOut(newId(), contactId)).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_SUPPRESSED);
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
    });
  });

  describe('an opt-out from one sender', () => {
    const acme = 'news@acme.example';
    const fromAcme = (contactId: string) => fixture.ask(contactId, { sender: acme });
    const fromOther = (contactId: string) => fixture.ask(contactId, { sender: 'news@other.example' });
    const told = async (contactId: string, sender: string) => {
      const [answer] = (await fixture.issue(tenantId, fixture.ask(contactId, { sender }))).answers;
      return answer?.answer?.$case === 'denial' ? answer.answer.value : undefined;
    };

    it('silences that sender in every purpose, and no other', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.consent(tenantId, contactId, Channel.CHANNEL_EMAIL, { purpose: 'offers' });
      const { entry } = await fixture.optOut(tenantId, contactId, { sender: 'News@ACME.example' });
      expect(entry).toMatchObject({ sender: acme, channel: Channel.CHANNEL_EMAIL, purpose: '' });
      expect(await told(contactId, acme)).toMatchObject({
        reason: contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT,
        rule: 'sender',
      });
      expect(await fixture.outcome(tenantId, { ...fromAcme(contactId), purpose: 'offers' })).toBe(
        'opted_out',
      );
      expect(await fixture.outcome(tenantId, fromOther(contactId))).toBe('permit');
      expect(await brokenPromises(fixture.main)).toEqual([]);
    });

    it('denies who does not say who they are', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.optOut(tenantId, contactId, { sender: acme });
      expect(await told(contactId, '')).toMatchObject({ rule: 'sender' });
    });

    it('outlasts a consent that does not name the sender, and ends with one that does', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.optOut(tenantId, contactId, { sender: acme });
      await clock.advance(1);
      await fixture.consent(tenantId, contactId);
      expect(await told(contactId, acme)).toMatchObject({ rule: 'sender' });
      await fixture.consent(tenantId, contactId, Channel.CHANNEL_EMAIL, { sender: acme });
      for (const sender of [acme, '']) expect(await told(contactId, sender)).toBeUndefined();
      expect(await brokenPromises(fixture.main)).toEqual([]);
    });

    it('tells others which sender by an id alone', async () => {
      const { contactId } = await fixture.person(tenantId);
      await fixture.optOut(tenantId, contactId, { sender: acme });
      const { rows } = await fixture.main
        .open()
        .pool('probe')
        .query<{ payload: Buffer }>(
          'select payload from heed.outbox where key = $1 order by seq desc limit 1',
          [contactId],
        );
      const change = contactsV1.ConsentChanged.decode(rows[0]!.payload);
      expect(change.senderId).toBe(senderId(tenantId, acme));
      expect(rows[0]!.payload.toString()).not.toContain('acme');
    });

    it('of another channel than the one named is a mistake', async () => {
      const { contactId } = await fixture.person(tenantId);
      const wrong = fixture.optOut(tenantId, contactId, { sender: acme, channel: Channel.CHANNEL_VOICE });
      expect(await reasonOf(wrong)).toBe('INVALID_ARGUMENT');
    });

    it('2.5 by the page of a link binds whoever has the address', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const [answer] = (await fixture.issue(tenantId, fromAcme(contactId))).answers;
      if (answer?.answer?.$case !== 'permit') throw new Error('no permit');
      const token = answer.answer.value.optOutUrl.split('/u/')[1]!;
      await fixture.followLink.follow(token, { source: 'page', scope: 'sender' });
      expect(await fixture.outcome(tenantId, fromAcme(contactId))).toBe('opted_out');
      expect(await fixture.outcome(tenantId, fromOther(contactId))).toBe('permit');
      await fixture.erase(tenantId, contactId);
      const next = await fixture.person(tenantId, { email });
      expect(await fixture.outcome(tenantId, fromAcme(next.contactId))).toBe('suppressed');
      expect(await fixture.outcome(tenantId, fromOther(next.contactId))).toBe('permit');
    });
  });

  describe('a consent', () => {
    const agree = (contactId: string, saidAt: string) =>
      fixture.recordConsent.record(fixture.caller(tenantId), {
        ...{ requestId: newId(), contactId, channel: Channel.CHANNEL_EMAIL, purpose: 'newsletter' },
        ...{ basis: 'consent', saidAt, evidence: '', sender: '' },
      });

    it('given since an opt-out is heard, one given before it is not', async () => {
      const { contactId } = await fixture.person(tenantId);
      const before = clock.now().toISOString();
      await fixture.optOut(tenantId, contactId);
      expect(await reasonOf(agree(contactId, before))).toBe('CONSENT_OLDER_THAN_OPT_OUT');
      await clock.advance(1);
      expect((await agree(contactId, '')).entry?.epoch).toBe(3n);
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
      expect((await outboxOf(contactId)).map(({ sequence }) => sequence)).toEqual(['1', '2', '3']);
    });

    it('is refused for whom nobody knows, for the erased, and for another time than the past', async () => {
      const { contactId } = await fixture.person(tenantId);
      const tomorrow = new Date(clock.now().getTime() + 86_400_000).toISOString();
      expect(await reasonOf(agree(newId(), ''))).toBe('CONTACT_NOT_FOUND');
      expect(await reasonOf(agree(contactId, tomorrow))).toBe('INVALID_ARGUMENT');
      expect(await reasonOf(agree(contactId, 'yesterday'))).toBe('INVALID_ARGUMENT');
      await fixture.erase(tenantId, contactId);
      expect(await reasonOf(agree(contactId, ''))).toBe('CONTACT_NOT_FOUND');
    });
  });

  describe('a link', () => {
    const tokenFor = async (contactId: string): Promise<string> => {
      const { answers } = await fixture.issue(tenantId, fixture.ask(contactId));
      if (answers[0]?.answer?.$case !== 'permit') throw new Error('no permit');
      return answers[0].answer.value.optOutUrl.split('/u/')[1]!;
    };
    const click = { source: 'one_click', scope: 'this' } as const;

    it('opts out of its purpose on its channel, and of no other', async () => {
      const { contactId } = await fixture.person(tenantId, { phone: '+447400123456' });
      await fixture.consent(tenantId, contactId, Channel.CHANNEL_VOICE);
      fixture.signals.heard.length = 0;
      await fixture.followLink.follow(await tokenFor(contactId), click);
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
      expect(await fixture.outcome(tenantId, fixture.ask(contactId, { channel: 'voice' }))).toBe('permit');
      expect(fixture.signals.heard[0]?.data).toMatchObject({
        contactId,
        endpointHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });

    it('opts out of everything where the person says so', async () => {
      const { contactId } = await fixture.person(tenantId, { phone: '+447400123456' });
      await fixture.consent(tenantId, contactId, Channel.CHANNEL_VOICE);
      await fixture.followLink.follow(await tokenFor(contactId), { source: 'page', scope: 'everything' });
      expect(await fixture.outcome(tenantId, fixture.ask(contactId, { channel: 'voice' }))).toBe('opted_out');
    });

    it('followed again says nothing new', async () => {
      const { contactId } = await fixture.person(tenantId);
      const token = await tokenFor(contactId);
      await fixture.followLink.follow(token, click);
      await fixture.followLink.follow(token, click);
      expect((await outboxOf(contactId)).map(({ sequence }) => sequence)).toEqual(['1', '2']);
    });

    it('2.4 works when the person is long erased, and binds whoever has the address then', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const token = await tokenFor(contactId);
      await fixture.erase(tenantId, contactId);
      const next = await fixture.person(tenantId, { email });
      expect(await fixture.outcome(tenantId, fixture.ask(next.contactId))).toBe('permit');
      await fixture.followLink.follow(token, click);
      expect(await fixture.outcome(tenantId, fixture.ask(next.contactId))).toBe('suppressed');
    });

    it('2.5 binds everybody who shares the address, and who comes to have it later', async () => {
      const listId = await fixture.list(tenantId);
      const agreed = 'newsletter,email;voice,consent,2025-06-01,fair';
      const csv = (row: string) =>
        `email,phone,consent_purpose,consent_channel,consent_basis,consent_at,consent_source\n${row},${agreed}\n`;
      const shared = `${newId()}@example.org`;
      const a = await fixture.person(tenantId, { email: shared });
      const token = await tokenFor(a.contactId);
      await fixture.followLink.follow(token, { source: 'page', scope: 'everything' });
      await fixture.erase(tenantId, a.contactId);
      await fixture.import(tenantId, listId, csv(`${shared},+447400123456`));
      const { contacts } = await fixture.reading.list(
        fixture.caller(tenantId),
        contactsV1.ListContactsRequest.fromPartial({ address: shared }),
      );
      expect(await fixture.outcome(tenantId, fixture.ask(contacts[0]!.contactId))).toBe('suppressed');
      expect(await fixture.outcome(tenantId, fixture.ask(contacts[0]!.contactId, { channel: 'voice' }))).toBe(
        'permit',
      );
    });

    it('2.5 binds whom an import gives the address at this very moment', async () => {
      const listId = await fixture.list(tenantId);
      const header = 'email,consent_purpose,consent_channel,consent_basis,consent_at,consent_source\n';
      const shared = `${newId()}@example.org`;
      const a = await fixture.person(tenantId, { email: shared });
      const token = await tokenFor(a.contactId);
      await fixture.erase(tenantId, a.contactId);
      const csv = `${header}${shared},newsletter,email,consent,2025-06-01,fair\n`;
      const { importId } = await fixture.receiving.receive(tenantId, listId, pieces(csv));
      // The import has written D and has not committed: neither sees what the other does.
      const door = gate();
      const nothing = (): Promise<void> => Promise.resolve();
      const importing = fixture.worker.step({
        ...{ tenantId, ref: importId, attempt: 1, done: nothing },
        putOff: () => door(),
      });
      await door.reached;
      await fixture.followLink.follow(token, { source: 'page', scope: 'everything' });
      door.open();
      await importing;
      const { contacts } = await fixture.reading.list(
        fixture.caller(tenantId),
        contactsV1.ListContactsRequest.fromPartial({ address: shared }),
      );
      expect(contacts).toHaveLength(1);
      expect(await fixture.outcome(tenantId, fixture.ask(contacts[0]!.contactId))).toBe('suppressed');
    });

    it('that is not ours, or no longer as we wrote it, is not found, and makes no key for a tenant of its own', async () => {
      const { contactId } = await fixture.person(tenantId);
      const token = await tokenFor(contactId);
      const flipped = (at: number): string => {
        const bytes = Buffer.from(token, 'base64url');
        bytes[at]! ^= 1;
        return bytes.toString('base64url');
      };
      const length = Buffer.from(token, 'base64url').length;
      for (let at = 0; at < length; at++) {
        expect(await reasonOf(fixture.links.verify(flipped(at)))).toBe('LINK_INVALID');
      }
      expect(await reasonOf(fixture.links.verify('x'))).toBe('LINK_INVALID');
      const { rows } = await fixture.main
        .open()
        .pool('probe')
        .query('select count(distinct tenant_id)::int as n from heed.hash_key');
      const known = await fixture.main
        .open()
        .pool('probe')
        .query('select count(distinct tenant_id)::int as n from heed.subject');
      expect(rows[0].n).toBeLessThanOrEqual(known.rows[0].n);
    });
  });

  describe('under pressure', () => {
    it('2.11 an opt-out waits for no import, but for the moment in which that numbers its consents', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const listId = await fixture.list(tenantId);
      await fixture.receiving.receive(tenantId, listId, pieces(`email,first_name\n${email},Other\n`));
      const door = gate();
      // The import's own transaction, held open where it has locked and written everything but consents.
      const merging = fixture.uow.run(
        tenantId,
        async (tx) => {
          await lockSubjects(tx, [contactId]);
          await tx.execute('update contact set first_name = $3 where tenant_id = $1 and contact_id = $2', [
            ...[tenantId, contactId, 'Other'],
          ]);
          await door();
        },
        { role: 'import' },
      );
      await door.reached;
      expect((await fixture.optOut(tenantId, contactId)).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_RECORDED);
      door.open();
      await merging;
      await fixture.worker.due.runDue();
    });

    it('2.12 an opt-out that an erasure holds up waits for it and is not refused', async () => {
      const { contactId } = await fixture.person(tenantId);
      const door = gate();
      let pid = 0;
      const erasing = fixture.uow.run(
        tenantId,
        async (tx) => {
          await tx.execute('select 1 from heed.subject where tenant_id = $1 and subject_id = $2 for update', [
            tenantId,
            contactId,
          ]);
          pid = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid;
          await door();
        },
        { role: 'eraser' },
      );
      await door.reached;
      const waiting = fixture.optOut(tenantId, contactId);
      await fixture.somebodyWaitsFor(pid);
      door.open();
      await erasing;
      expect((await waiting).effect).toBe(OptOutEffect.OPT_OUT_EFFECT_RECORDED);
    });

    it('of two opt-outs about one person at once each has a number of its own', async () => {
      const { contactId } = await fixture.person(tenantId);
      await Promise.all(Array.from({ length: 6 }, () => fixture.optOut(tenantId, contactId)));
      const numbers = (await outboxOf(contactId)).map(({ sequence }) => Number(sequence));
      expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    });
  });

  it('is judged by SQL as by the rules, whatever was said in whatever order', async () => {
    const { contactId } = await fixture.person(tenantId, { agrees: false });
    const scopes: Scope[] = (['', 'email', 'voice'] as const).flatMap((channel) =>
      ['', 'newsletter', 'offers', 'receipt', ALL_OUTREACH].flatMap((purpose) =>
        ['', 'news@acme.example', 'news@other.example'].map((sender) => ({ channel, purpose, sender })),
      ),
    );
    const said: ConsentState[] = [];
    let seed = 8058;
    const pick = (n: number): number => (seed = (seed * 48_271) % 2_147_483_647) % n;
    for (let round = 0; round < 120; round++) {
      const scope = scopes[pick(scopes.length)]!;
      const mayAgree = scope.channel && scope.purpose && scope.purpose !== ALL_OUTREACH;
      const state = mayAgree && pick(2) ? 'granted' : 'opted_out';
      await fixture.as(tenantId, async (tx) => {
        const [epoch] = await nextEpochs(tx, [contactId]);
        const at = clock.now();
        const entry = { entryId: newId(), contactId, ...scope, state, epoch: epoch!, saidAt: at } as const;
        const more = {
          basis: 'consent',
          source: 'api',
          recordedBy: undefined,
          origin: undefined,
        } as const;
        await appendEntries(tx, [{ ...entry, ...more }], at);
        said.push({ ...entry, since: at });
      });
      const sender = ['news@acme.example', 'news@other.example'][pick(2)]!;
      const purpose = ['newsletter', 'offers', 'receipt'][pick(3)]!;
      const ask = fixture.ask(contactId, { purpose, sender });
      const [judgement] = await fixture.as(tenantId, (tx) => judge(tx, [ask], clock.now()));
      const last = decisive(said, { channel: 'email', purpose: ask.purpose, sender });
      const no = last?.sender === '' ? 'opted_out' : 'opted_out_of_sender';
      const silent = purpose === 'receipt' ? undefined : 'no_consent';
      expect(judgement?.denied).toBe(last === undefined ? silent : last.state === 'granted' ? undefined : no);
    }
  });

  it('is given to something: not to all that a person may refuse', async () => {
    const { contactId } = await fixture.person(tenantId);
    const agreeing = fixture.consent(tenantId, contactId, undefined, { purpose: ALL_OUTREACH });
    expect(await reasonOf(agreeing)).toBe('INVALID_ARGUMENT');
  });

  it('cannot be rewritten by the service', async () => {
    const { contactId } = await fixture.person(tenantId);
    await fixture.optOut(tenantId, contactId);
    const refused = async (sql: string): Promise<string> =>
      fixture
        .as(tenantId, (tx) => tx.execute(sql))
        .then(
          () => 'accepted',
          (error) => sqlstate(error) ?? '',
        );
    expect(await refused(`update consent_entry set state = 'granted'`)).toBe('42501');
    expect(await refused('delete from consent_entry')).toBe('42501');
    expect(await refused('delete from consent_state')).toBe('42501');
    expect(await refused('delete from suppression')).toBe('42501');
    expect(await refused(`update suppression set reason = 'erased'`)).toBe('42501');
    expect(await refused(`update endpoint set address = 'x'`)).toBe('42501');
    expect(await refused('update permit set lifetime_ms = 1')).toBe('42501');
  });
});
