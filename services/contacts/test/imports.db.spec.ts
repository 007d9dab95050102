import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { sqlstate } from '@heed/postgres';
import { gate, TestClock } from '@heed/testing';
import { importById } from '../src/imports/import.store.js';
import { BATCH } from '../src/imports/merge-batch.js';
import { ContactsFixture, pieces, reasonOf } from './contacts-fixture.js';

const CONSENT = 'consent_purpose,consent_channel,consent_basis,consent_at,consent_source';
const AGREED = 'newsletter,email,consent,2025-06-01,web form';

/** A millisecond passes whenever somebody asks. */
class TickingClock extends TestClock {
  override now(): Date {
    this.jump(1);
    return super.now();
  }
}

describe('an import', () => {
  let fixture: ContactsFixture;
  let clock: TestClock;
  let tenantId: string;
  let listId: string;
  beforeAll(async () => {
    clock = new TestClock();
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(async () => {
    tenantId = newId();
    listId = await fixture.list(tenantId);
  });
  afterAll(() => fixture.drop());

  const upload = (csv: string | Buffer) => fixture.import(tenantId, listId, csv);
  const count = async (table: string): Promise<number> => {
    const [row] = await fixture.rows<{ n: string }>(
      tenantId,
      `select count(*) as n from ${table} where tenant_id = $1`,
    );
    return Number(row?.n);
  };
  /** Resolves when the first piece of a file is staged, with the import's id. */
  async function underWay(): Promise<string> {
    for (;;) {
      const [row] = await fixture.rows<{ import_id: string }>(
        tenantId,
        'select import_id from import where tenant_id = $1 and rows > 0',
      );
      if (row) return row.import_id;
    }
  }
  async function rejectedFile(importId: string): Promise<string> {
    let text = '';
    for await (const piece of await fixture.rejected.open(tenantId, importId)) text += piece;
    return text;
  }
  async function contactOf(address: string): Promise<contactsV1.Contact> {
    const { contacts } = await fixture.reading.list(
      fixture.caller(tenantId),
      contactsV1.ListContactsRequest.fromPartial({ address }),
    );
    expect(contacts).toHaveLength(1);
    return contacts[0]!;
  }

  it('makes contacts with addresses and consent, puts them on the list and tells the others', async () => {
    const done = await upload(
      `\uFEFFemail;phone;first_name;last_name;country;${CONSENT.replaceAll(',', ';')}\r\n` +
        `Ana@Example.org;0151 11234567;Ana;"Silva; the first";DE;"newsletter";"email;voice";consent;2025-06-01;fair\n` +
        `;07400 123456;Bo;;GB;;;;;`,
    );
    expect(done).toMatchObject({
      state: 'completed',
      rows: 2,
      accepted: 2,
      created: 2,
      consents: 2,
      rejected: {},
    });
    const ana = await contactOf('ana@example.org');
    expect(ana).toMatchObject({
      firstName: 'Ana',
      lastName: 'Silva; the first',
      source: `import:${done.importId}`,
    });
    expect(ana.endpoints.map(({ address }) => address)).toEqual(['A***@e***.org', '+4915****4567']);
    expect((await contactOf('+447400123456')).country).toBe('GB');
    expect(await fixture.outcome(tenantId, fixture.ask(ana.contactId))).toBe('permit');
    expect(await count('list_member')).toBe(2);
    const events = await fixture.main
      .open()
      .pool('probe')
      .query(
        `select count(*)::int as n from heed.outbox where tenant_id = $1 and type like '%ConsentChanged'`,
        [tenantId],
      );
    expect(events.rows).toEqual([{ n: 2 }]);
    expect(await count('consent_entry')).toBe(2);
  });

  it('numbers the consents of whom it makes and of whom it finds, and every event with its entry', async () => {
    const agreed = (channels: string): string => `newsletter,${channels},consent,2025-06-01,fair`;
    await upload(`email,phone,${CONSENT}\nana@example.org,,${agreed('email')}\n`);
    await upload(
      `email,phone,${CONSENT}\nana@example.org,+4915111234567,${agreed('email;voice')}\n` +
        `bo@example.org,+4915111234568,${agreed('email;voice')}\ncy@example.org,,,,,,\n`,
    );
    const { rows } = await fixture.main
      .open()
      .pool('probe')
      .query(
        `select e.address, s.sequence::int as given,
           (select array_agg(epoch::int order by epoch) from consent_entry c where c.contact_id = s.subject_id) as entries,
           (select array_agg(sequence::int order by sequence) from heed.outbox o where o.subject = s.subject_id) as events
         from heed.subject s join endpoint e on e.contact_id = s.subject_id
         where s.tenant_id = $1 and e.channel = 'email' order by 1`,
        [tenantId],
      );
    expect(rows).toEqual([
      { address: 'ana@example.org', given: 2, entries: [1, 2], events: [1, 2] },
      { address: 'bo@example.org', given: 2, entries: [1, 2], events: [1, 2] },
      { address: 'cy@example.org', given: 0, entries: null, events: null },
    ]);
  });

  it('of the same file again changes nothing but to say so', async () => {
    const csv = `email,first_name,${CONSENT}\na@example.org,Ana,${AGREED}\nb@example.org,Bo,${AGREED}\n`;
    await upload(csv);
    expect(await upload(csv)).toMatchObject({ accepted: 2, created: 0, updated: 2, consents: 0 });
    expect([await count('contact'), await count('endpoint'), await count('consent_entry')]).toEqual([
      2, 2, 2,
    ]);
  });

  it('fills in what a later file says and keeps what it does not say', async () => {
    await upload('email,first_name,last_name\na@example.org,Ana,Silva\n');
    await upload('email,phone,first_name,last_name,country\na@example.org,07400 123456,Anna,,GB\n');
    expect(await contactOf('+447400123456')).toMatchObject({
      firstName: 'Anna',
      lastName: 'Silva',
      country: 'GB',
    });
  });

  it('gives every refused row back with line, reason and columns, and takes the rest', async () => {
    const done = await upload(
      [
        `email,phone,first_name,${CONSENT},note`,
        `good@example.org,,Ana,${AGREED},`,
        `two@@example.org,,"Bo, the ""second""",${AGREED},keep me`,
        `,12,Chidi,,,,,,`,
        `,,Nobody,,,,,,`,
        `GOOD@example.org,,Again,${AGREED},`,
        `d@example.org,,Diya,newsletter,pigeon,consent,2025-06-01,fair,`,
        `e@example.org,,${'x'.repeat(201)},,,,,,`,
        `f@example.org,,Farid,,,,,,,shifted`,
        '',
      ].join('\n'),
    );
    expect(done).toMatchObject({ state: 'completed', rows: 8, accepted: 1 });
    expect(done.rejected).toEqual({
      EMAIL_INVALID: 1,
      PHONE_INVALID: 1,
      NO_ADDRESS: 1,
      DUPLICATE_IN_FILE: 1,
      CONSENT_INVALID: 1,
      TOO_LONG: 1,
      ROW_MALFORMED: 1,
    });
    const file = (await rejectedFile(done.importId)).split('\n');
    expect(file[0]).toBe(
      `rejected_line,rejected_reason,rejected_columns,email,phone,first_name,${CONSENT},note`,
    );
    expect(file[1]).toBe(`3,EMAIL_INVALID,email,two@@example.org,,"Bo, the ""second""",${AGREED},keep me`);
    expect(file.slice(2).map((line) => line.split(',').slice(0, 3).join(' '))).toEqual([
      '4 PHONE_INVALID phone',
      '5 NO_ADDRESS email phone',
      '6 DUPLICATE_IN_FILE email',
      '7 CONSENT_INVALID consent_channel',
      '8 TOO_LONG first_name',
      '9 ROW_MALFORMED ',
      '',
    ]);
  });

  it('can take its own rejected file again, mended', async () => {
    const { importId } = await upload('email,first_name\nbroken,Ana\n');
    const mended = (await rejectedFile(importId)).replace('broken', 'mended@example.org');
    expect(await upload(mended)).toMatchObject({ accepted: 1, created: 1 });
  });

  it('finds duplicates across batches', async () => {
    const rows = Array.from({ length: 600 }, (_, n) => `p${n}@example.org,`);
    const done = await upload(
      ['email,phone', ...rows, 'P0@EXAMPLE.ORG,', ...rows.slice(400, 402)].join('\n'),
    );
    expect(done).toMatchObject({
      rows: 603,
      accepted: 600,
      created: 600,
      rejected: { DUPLICATE_IN_FILE: 3 },
    });
  });

  it('2.5 lets two people share a telephone, and takes a telephone alone for whoever had it first', async () => {
    const done = await upload(
      'email,phone\na@example.org,+447400123456\nb@example.org,+447400123456\n,+447400999999\nc@example.org,+447400999999\n',
    );
    expect(done).toMatchObject({ accepted: 4, created: 3, updated: 1 });
    const [shared] = await fixture.rows<{ people: string }>(
      tenantId,
      `select count(distinct contact_id) as people from endpoint where tenant_id = $1 and address = '+447400123456'`,
    );
    expect(shared?.people).toBe('2');
    expect((await contactOf('c@example.org')).endpoints).toHaveLength(2);
    expect(await upload('phone\n+447400123456\n')).toMatchObject({ created: 0, updated: 1 });
  });

  describe('and consent', () => {
    it('5.12 10.7 never brings back who opted out, however new the file says the consent is', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      await fixture.optOut(tenantId, contactId);
      await clock.advance(1_000);
      const done = await upload(
        `email,${CONSENT}\n${email},newsletter,email,consent,${clock.now().toISOString()},list\n`,
      );
      expect(done).toMatchObject({ accepted: 1, updated: 1, consents: 0 });
      expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('opted_out');
    });

    it('gives none to a row without the columns', async () => {
      await upload('email\na@example.org\n');
      expect(await count('consent_state')).toBe(0);
    });
  });

  describe('of somebody erased', () => {
    it('10.7 makes no row, counts it as suppressed and says nowhere which line it was', async () => {
      const { contactId, email } = await fixture.person(tenantId, { phone: '+447400123456' });
      await fixture.erase(tenantId, contactId, { objects: true });
      const done = await upload(
        `email,phone,first_name\n${email.toUpperCase()},,Ada\nnew@example.org,07400 123456,X\n${email},12,broken too\n` +
          `Ada <${email}>,,also broken\nother@example.org,,Oda\n`,
      );
      expect(done).toMatchObject({ rows: 5, accepted: 1, rejected: { SUPPRESSED: 3 } });
      expect(await count('contact')).toBe(1);
      expect(await rejectedFile(done.importId)).not.toContain(email);
    });

    it('who did not object is somebody new', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      await fixture.erase(tenantId, contactId);
      expect(await upload(`email\n${email}\n`)).toMatchObject({ created: 1 });
      expect((await contactOf(email)).contactId).not.toBe(contactId);
    });

    it('5.12 does not lose who shares an address with them', async () => {
      await upload(
        `email,phone,${CONSENT}\na@example.org,+447400123456,${AGREED}\nb@example.org,+447400123456,${AGREED}\n`,
      );
      const [a, b] = [await contactOf('a@example.org'), await contactOf('b@example.org')];
      await fixture.erase(tenantId, a.contactId, { objects: true });
      expect(await fixture.outcome(tenantId, fixture.ask(b.contactId))).toBe('permit');
      const again = await upload(
        'email,phone,first_name\nb@example.org,+447400123456,Bo\n,+447400123456,Ada\n',
      );
      expect(again).toMatchObject({ accepted: 1, updated: 1, rejected: { SUPPRESSED: 1 } });
      expect((await contactOf('b@example.org')).firstName).toBe('Bo');
    });

    it('removes what waits of them in files that are received or refused', async () => {
      const { contactId, email } = await fixture.person(tenantId);
      const refused = await upload(`email,phone\n${email},12\n`);
      const waiting = await fixture.receiving.receive(tenantId, listId, pieces(`email\n${email}\n`));
      await fixture.erase(tenantId, contactId);
      expect(await rejectedFile(refused.importId)).not.toContain(email);
      await fixture.worker.due.runDue();
      const done = await fixture.as(tenantId, (tx) => importById(tx, waiting.importId));
      expect(done).toMatchObject({ state: 'completed', rows: 1, accepted: 0 });
      expect(await count('contact')).toBe(0);
    });
  });

  describe('of a bad file', () => {
    it.each([
      ['CSV_BINARY', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
      ['CSV_NO_HEADER', 'ana@example.org,Ana\n'],
      ['CSV_WRONG_DELIMITER', 'email|phone\na@example.org|\n'],
      ['CSV_EMPTY', ''],
    ])('%s leaves nothing', async (reason, file) => {
      expect(await reasonOf(upload(file))).toBe(reason);
      expect(await count('import')).toBe(0);
    });

    it.each([
      [
        'CSV_BINARY',
        Buffer.concat([Buffer.from('email\na@example.org\n'.repeat(1_000)), Buffer.from([0, 1, 2])]),
      ],
      [
        'CSV_QUOTE_NOT_CLOSED',
        `email,first_name\n${'a@example.org,A\n'.repeat(1_500)}b@example.org,"never closed\n`,
      ],
    ])('%s at its end imports nothing of it', async (reason, file) => {
      expect(await reasonOf(upload(file))).toBe(reason);
      await fixture.worker.due.runDue();
      expect([await count('contact'), await fixture.staged(tenantId)]).toEqual([0, 0]);
      const [row] = await fixture.rows(
        tenantId,
        'select state, failure_reason from import where tenant_id = $1',
      );
      expect(row).toEqual({ state: 'failed', failure_reason: reason });
    });

    it('that breaks off imports nothing of it', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(`email\n${'a@example.org\n'.repeat(2_000)}`);
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      }
      expect(await reasonOf(fixture.receiving.receive(tenantId, listId, broken()))).toBe('UPLOAD_BROKEN_OFF');
      await fixture.worker.due.runDue();
      expect([await count('contact'), await fixture.staged(tenantId)]).toEqual([0, 0]);
    });

    it('for a list that is not there is not read at all', async () => {
      const read = fixture.receiving.receive(tenantId, newId(), pieces('email\n'));
      expect(await reasonOf(read)).toBe('LIST_NOT_FOUND');
      expect(await reasonOf(fixture.receiving.receive(newId(), listId, pieces('email\n')))).toBe(
        'LIST_NOT_FOUND',
      );
    });
  });

  describe('that is interrupted', () => {
    const csv = ['email', ...Array.from({ length: 900 }, (_, n) => `p${n}@example.org`)].join('\n');

    it('goes on where the last commit stands, and merges each row once', async () => {
      const { importId } = await fixture.receiving.receive(tenantId, listId, pieces(csv));
      await fixture.step(tenantId, importId);
      const half = await fixture.as(tenantId, (tx) => importById(tx, importId));
      expect(half).toMatchObject({ state: 'merging', mergedThrough: BATCH, created: BATCH });
      // Another process takes over: what the first one held in memory is gone.
      await fixture.otherWorker().due.runDue();
      const done = await fixture.as(tenantId, (tx) => importById(tx, importId));
      expect(done).toMatchObject({ state: 'completed', accepted: 900, created: 900 });
      expect([await count('contact'), await fixture.staged(tenantId)]).toEqual([900, 0]);
    });

    it('is cancelled between two batches: what is merged stays, the rest goes', async () => {
      const { importId } = await fixture.receiving.receive(tenantId, listId, pieces(csv));
      await fixture.step(tenantId, importId);
      expect(await fixture.cancel.cancel(tenantId, importId)).toMatchObject({
        state: 'cancelled',
        created: BATCH,
      });
      await fixture.worker.due.runDue();
      expect([await count('contact'), await fixture.staged(tenantId)]).toEqual([BATCH, 0]);
      expect((await fixture.cancel.cancel(tenantId, importId)).state).toBe('cancelled');
    });

    it('while it is received is cancelled at the next piece', async () => {
      const door = gate();
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(`email\n${'a@example.org\n'.repeat(1_100)}`);
        await door();
        yield Buffer.from('b@example.org\n'.repeat(1_100));
      }
      const receiving = reasonOf(fixture.receiving.receive(tenantId, listId, slow()));
      await door.reached;
      await fixture.cancel.cancel(tenantId, await underWay());
      door.open();
      expect(await receiving).toBe('IMPORT_CANCELLED');
      await fixture.worker.due.runDue();
      expect([await count('contact'), await fixture.staged(tenantId)]).toEqual([0, 0]);
    });

    it('by the death of whoever received it is taken for broken off, once nothing has come for five minutes', async () => {
      const door = gate();
      async function* dying(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(`email\n${'a@example.org\n'.repeat(1_100)}`);
        await door();
      }
      const receiving = reasonOf(fixture.receiving.receive(tenantId, listId, dying()));
      await door.reached;
      await underWay();
      await fixture.worker.due.runDue();
      await clock.advance(300_001);
      await fixture.worker.due.runDue();
      const [row] = await fixture.rows(
        tenantId,
        'select state, failure_reason from import where tenant_id = $1',
      );
      expect(row).toEqual({ state: 'failed', failure_reason: 'UPLOAD_BROKEN_OFF' });
      door.open();
      await receiving;
    });
  });

  it('takes turns with those of other tenants', async () => {
    const other = newId();
    const csv = (n: number) =>
      ['email', ...Array.from({ length: n }, (_, i) => `p${i}@example.org`)].join('\n');
    const large = await fixture.receiving.receive(tenantId, listId, pieces(csv(1_000)));
    const small = await fixture.receiving.receive(other, await fixture.list(other), pieces(csv(10)));
    const ticking = new TickingClock(clock.now());
    await ticking.advance(1);
    await fixture.otherWorker(ticking).due.runDue();
    const ends = [
      await fixture.as(other, (tx) => importById(tx, small.importId)),
      await fixture.as(tenantId, (tx) => importById(tx, large.importId)),
    ].map((done) => done?.finishedAt?.getTime() ?? 0);
    expect(ends[0]).toBeGreaterThan(0);
    expect(ends[0]).toBeLessThan(ends[1]!);
  });

  it('keeps refused rows for seven days', async () => {
    const { importId } = await upload('email\nbroken\n');
    await clock.advance(7 * 24 * 3_600_000 + 1);
    await fixture.worker.due.runDue();
    expect(await reasonOf(fixture.rejected.open(tenantId, importId))).toBe('REJECTS_EXPIRED');
    expect(await count('import_reject')).toBe(0);
  });

  it('8.2 stages where the service cannot look, and other tenants cannot be seen', async () => {
    await fixture.receiving.receive(tenantId, listId, pieces('email\na@example.org\n'));
    const looking = fixture.as(tenantId, (tx) => tx.query('select 1 from import_row'));
    expect(await looking.then(() => '', sqlstate)).toBe('42501');
    const { importId } = await upload('email\nbroken\n');
    expect(await fixture.rows(newId(), 'select 1 from import_reject where tenant_id <> $1')).toEqual([]);
    expect(await reasonOf(fixture.rejected.open(newId(), importId))).toBe('IMPORT_NOT_FOUND');
    expect(await reasonOf(fixture.cancel.cancel(newId(), importId))).toBe('IMPORT_NOT_FOUND');
    await fixture.worker.due.runDue();
  });
});
