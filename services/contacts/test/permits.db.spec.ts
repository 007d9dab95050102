import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type contactsV1, typesV1 } from '@heed/contracts';
import { leafHash, newId, verifyInclusion, verifySignature } from '@heed/kernel';
import { addressCommitment, decodeLeaf, PERMIT_CONTEXT } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { gate, TestClock } from '@heed/testing';
import pg from 'pg';
import { type Ask } from '../src/permits/permit.js';
import { StreamPermits } from '../src/permits/stream-permits.js';
import { ContactsFixture, outcomeOf, PUBLIC_URL, reasonOf } from './contacts-fixture.js';

describe('permits', () => {
  let fixture: ContactsFixture;
  const clock = new TestClock();
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  function permitIn({ answers }: contactsV1.BatchIssuePermitsResponse, index = 0): contactsV1.Permit {
    const answer = answers[index]?.answer;
    if (answer?.$case !== 'permit') throw new Error(`no permit: ${outcomeOf(answers[index]!)}`);
    return answer.value;
  }

  it('are given for who agreed, with the address, the fields asked for and a link, and are rows by then', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const ask = fixture.ask(contactId);
    const permit = permitIn(await fixture.issue(tenantId, ask));
    expect(permit).toMatchObject({ address: email, fields: { first_name: 'Ada' }, lifetimeMs: 1000 });
    expect(permit.optOutUrl).toMatch(new RegExp(`^${PUBLIC_URL}/u/[A-Za-z0-9_-]+$`));
    const [row] = await fixture.rows<Record<string, unknown>>(
      tenantId,
      'select * from permit where tenant_id = $1',
    );
    expect(row).toMatchObject({
      permit_id: permit.permitId,
      attempt_id: ask.attemptId,
      contact_id: contactId,
      endpoint_id: permit.endpointId,
      issued_to: 'messaging',
      nonce: ask.nonce,
    });
  });

  it('answer in the order of the asks, under one signature over the leaves of those given', async () => {
    const people = await Promise.all([
      fixture.person(tenantId),
      fixture.person(tenantId, { agrees: false }),
      fixture.person(tenantId),
    ]);
    const asks = people.map(({ contactId }) => fixture.ask(contactId));
    const batch = await fixture.issue(tenantId, ...asks);
    expect(batch.answers.map(outcomeOf)).toEqual(['permit', 'no_consent', 'permit']);
    expect(batch.answers.map(({ attemptId }) => attemptId)).toEqual(asks.map(({ attemptId }) => attemptId));
    expect(batch.treeSize).toBe(2);
    const signed = Buffer.concat([Buffer.from(PERMIT_CONTEXT), batch.root]);
    expect(verifySignature(fixture.key.publicKey, signed, batch.signature)).toBe(true);
    for (const index of [0, 2]) {
      const permit = permitIn(batch, index);
      const { leafIndex, path: proof } = permit;
      const inclusion = {
        leafHash: leafHash(permit.leaf),
        index: leafIndex,
        size: 2,
        proof,
        root: batch.root,
      };
      expect(verifyInclusion(inclusion)).toBe(true);
    }
  });

  it('1.5 commit to the address by a salt that only contacts keeps', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const permit = permitIn(await fixture.issue(tenantId, fixture.ask(contactId)));
    expect(permit.leaf.toString()).not.toContain(email);
    const [{ address_salt: salt } = { address_salt: Buffer.alloc(0) }] = await fixture.rows<{
      address_salt: Buffer;
    }>(tenantId, 'select address_salt from permit where tenant_id = $1');
    const leaf = decodeLeaf(permit.leaf);
    expect(addressCommitment(salt, email)).toEqual(leaf?.addressCommitment);
  });

  it.each<[string, (contactId: string) => Promise<unknown>]>([
    ['opted_out', (contactId) => fixture.optOut(tenantId, contactId)],
    [
      'opted_out',
      (contactId) =>
        fixture.optOut(tenantId, contactId, {
          channel: typesV1.Channel.CHANNEL_EMAIL,
          purpose: 'newsletter',
        }),
    ],
    [
      'stopped',
      (contactId) =>
        fixture.stopPermits.stop(fixture.caller(tenantId), {
          ...{ contactIds: [contactId], requestId: newId(), restricts: false, requestIds: [] },
        }),
    ],
  ])('are denied as %s', async (reason, change) => {
    const { contactId } = await fixture.person(tenantId);
    await change(contactId);
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe(reason);
  });

  it('are denied for whom nobody knows, for a channel without an address, and for what was not agreed to', async () => {
    const { contactId } = await fixture.person(tenantId);
    const denied = (more: Parameters<ContactsFixture['ask']>[1]) =>
      fixture.outcome(tenantId, fixture.ask(contactId, more));
    expect(await fixture.outcome(tenantId, fixture.ask(newId()))).toBe('unknown_contact');
    expect(await denied({ channel: 'voice' })).toBe('no_endpoint');
    expect(await denied({ purpose: 'offers' })).toBe('no_consent');
  });

  it('8.1 know nobody of another tenant', async () => {
    const { contactId } = await fixture.person(tenantId);
    expect(await fixture.outcome(newId(), fixture.ask(contactId))).toBe('unknown_contact');
  });

  it('1.2 serve one attempt and nonce once, within a batch, in two at once, and across midnight', async () => {
    const { contactId } = await fixture.person(tenantId);
    const ask = fixture.ask(contactId);
    const twice = await fixture.issue(tenantId, ask, ask);
    expect(twice.answers.map(outcomeOf).sort()).toEqual(['already_issued', 'permit']);
    expect(await fixture.outcome(tenantId, { ...ask, nonce: Buffer.alloc(16, 7) })).toBe('permit');

    const racing = fixture.ask(contactId);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => fixture.outcome(tenantId, racing)));
    expect(outcomes.filter((outcome) => outcome === 'permit')).toHaveLength(1);

    await clock.advance(24 * 3_600_000 - (clock.now().getTime() % (24 * 3_600_000)) - 1);
    const late = fixture.ask(contactId);
    expect(await fixture.outcome(tenantId, late)).toBe('permit');
    await clock.advance(2);
    expect(await fixture.outcome(tenantId, late)).toBe('already_issued');
  });

  it('2.13 are not worked for whom the answer would come too late', async () => {
    const { contactId } = await fixture.person(tenantId);
    const deadline = new Date(clock.now().getTime() + 149);
    const asking = { tenantId, service: 'messaging', deadline };
    const { answers } = await fixture.issuePermits.issue(asking, [fixture.ask(contactId)]);
    expect(answers.map(outcomeOf)).toEqual(['too_late']);
    expect(answers[0]?.answer?.$case === 'denial' && answers[0].answer.value.retryAfter).not.toBe('');
    expect(await fixture.rows(tenantId, 'select 1 from permit where tenant_id = $1')).toEqual([]);
  });

  it('2.13 are not worked for whoever has waited too long for a connection, so that the next still is in time', async () => {
    const narrow = await ContactsFixture.create({ clock, poolSizes: { service: 1 } });
    try {
      const { contactId } = await narrow.person(tenantId);
      const door = gate();
      const holding = narrow.as(tenantId, door);
      await door.reached;
      const queued = Array.from({ length: 20 }, () => narrow.issue(tenantId, narrow.ask(contactId)));
      await clock.advance(900);
      const fresh = narrow.issue(tenantId, narrow.ask(contactId));
      door.open();
      await holding;
      const outcomes = (await Promise.all(queued)).flatMap(({ answers }) => answers.map(outcomeOf));
      expect(outcomes).toEqual(queued.map(() => 'too_late'));
      expect((await fresh).answers.map(outcomeOf)).toEqual(['permit']);
      expect(await narrow.rows(tenantId, 'select 1 from permit where tenant_id = $1')).toHaveLength(1);
    } finally {
      await narrow.drop();
    }
  });

  function onTheWire({ fields, ...ask }: Ask): contactsV1.PermitAsk {
    return { ...ask, templateFields: [...fields], channel: typesV1.Channel.CHANNEL_EMAIL };
  }

  it('2.9 are given over a stream as they are in a batch: one answer for each ask, in their order', async () => {
    const [one, silent] = [await fixture.person(tenantId), await fixture.person(tenantId, { agrees: false })];
    const asks = [one, silent, one, one].map(({ contactId }) => fixture.ask(contactId));
    const usable = [1_000, 1_000, 149, 1_000];
    async function* asking(): AsyncIterable<contactsV1.StreamPermitsRequest> {
      for (const [index, usableMs] of usable.entries()) {
        yield { ask: onTheWire(asks[index]!), usableMs };
      }
    }
    const streaming = new StreamPermits(fixture.issuePermits, clock);
    const answers: contactsV1.StreamPermitsResponse[] = [];
    const caller = fixture.caller(tenantId, { kind: 'service', actorId: 'messaging' });
    for await (const answer of streaming.stream(caller, asking())) answers.push(answer);
    expect(answers.map(({ answer }) => outcomeOf(answer!))).toEqual([
      ...['permit', 'no_consent', 'too_late', 'permit'],
    ]);
    expect(answers.map(({ answer }) => answer!.attemptId)).toEqual(asks.map(({ attemptId }) => attemptId));
    const signed = (root: Buffer): Buffer => Buffer.concat([Buffer.from(PERMIT_CONTEXT), root]);
    for (const { root, signature } of [answers[0]!, answers[3]!]) {
      expect(verifySignature(fixture.key.publicKey, signed(root), signature)).toBe(true);
    }
  });

  it('2.9 are denied over a stream to nobody by another’s mistake: the stream ends at it, after what came before', async () => {
    const { contactId } = await fixture.person(tenantId);
    async function* asking(): AsyncIterable<contactsV1.StreamPermitsRequest> {
      const whole = onTheWire(fixture.ask(contactId));
      yield { ask: whole, usableMs: 1_000 };
      yield { ask: { ...whole, nonce: Buffer.alloc(3) }, usableMs: 1_000 };
    }
    const streaming = new StreamPermits(fixture.issuePermits, clock);
    const outcomes: string[] = [];
    const all = (async () => {
      for await (const { answer } of streaming.stream(fixture.caller(tenantId), asking())) {
        outcomes.push(outcomeOf(answer!));
      }
    })();
    expect(await reasonOf(all)).toBe('INVALID_ARGUMENT');
    expect(outcomes).toEqual(['permit']);
  });

  it('2.1 are denied to all while what was acknowledged may be missing here', async () => {
    const { contactId } = await fixture.person(tenantId);
    fixture.groups.push({ consumer: 'contacts.orders', state: 'quarantined', lag: 0, caughtUp: false });
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('quarantine');
    fixture.groups.pop();
    expect(await fixture.outcome(tenantId, fixture.ask(contactId))).toBe('permit');
  });

  it('use the address that the person gave last', async () => {
    const { contactId, email } = await fixture.person(tenantId);
    const listId = await fixture.list(tenantId);
    await fixture.import(tenantId, listId, `email,phone,country\n${email},07400 123456,GB\n`);
    await fixture.import(tenantId, listId, `email,phone,country\n${email},07400 999999,GB\n`);
    await fixture.consent(tenantId, contactId, typesV1.Channel.CHANNEL_VOICE);
    const permit = permitIn(await fixture.issue(tenantId, fixture.ask(contactId, { channel: 'voice' })));
    expect(permit).toMatchObject({ address: '+447400999999', optOutUrl: '' });
  });

  it('2.3 cannot be issued by a database that takes no writes', async () => {
    const { contactId } = await fixture.person(tenantId);
    const superuser = new pg.Client({ connectionString: fixture.main.superuserUrl });
    await superuser.connect();
    const role = `alter role contacts_service in database ${fixture.main.name}`;
    await superuser.query(`${role} set default_transaction_read_only = on`);
    try {
      const standby = fixture.issuerOn(new UnitOfWork(fixture.main.open()));
      const asking = { tenantId, service: 'messaging', deadline: new Date(clock.now().getTime() + 1_000) };
      expect(await reasonOf(standby.issue(asking, [fixture.ask(contactId)]))).toBe('PERMITS_READ_ONLY');
    } finally {
      await superuser.query(`${role} reset default_transaction_read_only`);
      await superuser.end();
    }
  });
});

describe('permits in production', () => {
  it('2.3 are not issued on a database that could lose an opt-out in a failover', async () => {
    const fixture = await ContactsFixture.create({ environment: 'production' });
    try {
      const tenantId = newId();
      const { contactId } = await fixture.person(tenantId);
      expect(await reasonOf(fixture.issue(tenantId, fixture.ask(contactId)))).toBe('DB_RPO_NOT_ZERO');
    } finally {
      await fixture.drop();
    }
  });
});
