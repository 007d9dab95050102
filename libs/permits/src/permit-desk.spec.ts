import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId, SigningKey } from '@heed/kernel';
import { gate, PermitOffice, TestClock } from '@heed/testing';
import { type HeldPermit } from './held-permit.js';
import { PermitDesk, type Ask, type Denial } from './permit-desk.js';
import { PERMIT_CONTEXT } from './permit-leaf.js';
import { REVOKED } from './revocation.js';

const tenantId = newId();
let clock: TestClock;
let office: PermitOffice;
let desk: PermitDesk;
let signal: (data: unknown) => void;

beforeEach(() => {
  clock = new TestClock();
  office = new PermitOffice();
  desk = new PermitDesk({
    client: office,
    publicKeyOf: office.publicKeyOf,
    clock,
    signals: {
      subscribe: (subject, handler) => {
        expect(subject).toBe(REVOKED);
        signal = handler;
        return () => undefined;
      },
    },
  });
});

afterEach(() => desk.close());

function ask(contactId = newId()): Ask {
  return {
    attemptId: newId(),
    contactId,
    channel: typesV1.Channel.CHANNEL_EMAIL,
    purpose: 'news',
    fields: ['first_name'],
  };
}

async function permit(about: Ask = ask()): Promise<HeldPermit> {
  const [answer] = await desk.obtain(tenantId, [about]);
  if (answer?.kind !== 'permit') throw new Error('no permit');
  return answer;
}

/** What obtain throws when the answer was tampered with on its way. */
async function refusalOf(tamper: (response: contactsV1.BatchIssuePermitsResponse) => void): Promise<unknown> {
  const tampering = new PermitDesk({
    client: {
      returnPermits: (request) => office.returnPermits(request),
      batchIssuePermits: async (request, options) => {
        const response = await office.batchIssuePermits(request, options);
        tamper(response);
        return response;
      },
    },
    publicKeyOf: office.publicKeyOf,
    clock,
    signals: { subscribe: () => () => undefined },
  });
  return tampering.obtain(tenantId, [ask(), ask()]).then(
    () => undefined,
    (error: { metadata?: { why?: string } }) => error.metadata?.why,
  );
}

function permitIn(response: contactsV1.BatchIssuePermitsResponse): contactsV1.Permit {
  const answer = response.answers[0]?.answer;
  if (answer?.$case !== 'permit') throw new Error('no permit');
  return answer.value;
}

describe('a permit', () => {
  it('is valid within its lifetime and not a millisecond longer', async () => {
    const held = await permit();
    await clock.advance(999);
    expect(held.check()).toBe('valid');
    expect(held.remainingMs()).toBe(1);
    await clock.advance(1);
    expect(held.check()).toBe('expired');
    expect(held.remainingMs()).toBe(0);
  });

  it('2.9 ages from the moment of the question, however long the answer takes', async () => {
    office.beforeAnswer = () => clock.advance(700);
    const held = await permit();
    expect(held.remainingMs()).toBe(300);
  });

  it('2.13 arrives expired where the answer took its whole life', async () => {
    office.beforeAnswer = () => clock.advance(1_000);
    expect((await permit()).check()).toBe('expired');
  });

  it('2.14 ends with the window that contacts gave it', async () => {
    office.lifetimeMs = 40;
    const held = await permit();
    await clock.advance(40);
    expect(held.check()).toBe('expired');
  });

  it('1.2 serves once', async () => {
    const held = await permit();
    expect(held.consume(held.attemptId)).toBe('valid');
    expect(() => held.consume(held.attemptId)).toThrow('PERMIT_USED');
  });

  it('1.2 serves the attempt that it was asked for and no other, and nobody once it was released', async () => {
    const held = await permit();
    expect(() => held.consume(newId())).toThrow('PERMIT_FOR_ANOTHER');
    held.release();
    expect(() => held.consume(held.attemptId)).toThrow('PERMIT_RELEASED');
  });

  it('2.14 gives its place under a cap back where its attempt never began, and only then', async () => {
    office.reserves = true;
    const [used, late, dropped] = [await permit(), await permit(), await permit()];
    used.consume(used.attemptId);
    await clock.advance(1_000);
    expect(late.consume(late.attemptId)).toBe('expired');
    for (const held of [used, late, dropped, dropped]) held.release();
    await clock.advance(0);
    expect(office.returned).toEqual([late.proof.permitId, dropped.proof.permitId]);
  });

  it('that holds no place under a cap tells nobody that it was not used', async () => {
    (await permit()).release();
    await clock.advance(0);
    expect(office.returned).toEqual([]);
  });

  it('can still be looked at after it was consumed, for the second check before the final dot', async () => {
    const held = await permit();
    held.consume(held.attemptId);
    expect(held.check()).toBe('valid');
    signal({ tenantId, contactId: held.contactId });
    expect(held.check()).toBe('voided');
  });

  it('2.6 says by how much a write ended after its end', async () => {
    const held = await permit();
    expect(held.lateMs()).toBe(0);
    await clock.advance(1_250);
    expect(held.lateMs()).toBe(250);
  });

  it('brings address, fields and link, and keeps none of them in its proof', async () => {
    const about = ask();
    const held = await permit(about);
    expect(held.address).toBe(PermitOffice.addressOf(about.contactId));
    expect(held.fields).toEqual({ first_name: 'some first_name' });
    expect(held.optOutUrl).toContain(about.attemptId);
    expect(JSON.stringify(held.proof) + held.proof.leaf.toString()).not.toContain('people.test');
  });
});

describe('revocations', () => {
  it('void what is held about a person', async () => {
    const [mine, other] = [await permit(), await permit()];
    signal({ tenantId, contactId: mine.contactId });
    expect(mine.check()).toBe('voided');
    expect(mine.voided.aborted).toBe(true);
    expect(other.check()).toBe('valid');
  });

  it('2.5 void what is held about an endpoint, whoever has it', async () => {
    const held = await permit();
    signal({ tenantId, contactId: newId(), endpointHash: held.endpointHash });
    expect(held.check()).toBe('voided');
  });

  it("touch no other tenant's permits", async () => {
    const held = await permit();
    signal({ tenantId: newId(), contactId: held.contactId, endpointHash: held.endpointHash });
    expect(held.check()).toBe('valid');
  });

  it('2.2 void what was asked for before they came, though the answer comes after', async () => {
    const door = gate();
    office.beforeAnswer = door;
    const about = ask();
    const asking = permit(about);
    await door.reached;
    signal({ tenantId, contactId: about.contactId });
    door.open();
    expect((await asking).check()).toBe('voided');
  });

  it('2.5 void by endpoint what is still being asked for', async () => {
    const door = gate();
    office.beforeAnswer = door;
    const about = ask();
    const asking = permit(about);
    await door.reached;
    signal({
      tenantId,
      contactId: newId(),
      endpointHash: PermitOffice.endpointHashOf(about.contactId).toString('hex'),
    });
    door.open();
    expect((await asking).check()).toBe('voided');
  });

  it('do not void what is asked for after them: contacts has heard it by then', async () => {
    const about = ask();
    signal({ tenantId, contactId: about.contactId });
    expect((await permit(about)).check()).toBe('valid');
  });

  it('reach a call that rings long after its permit ended', async () => {
    const held = await permit();
    await clock.advance(20_000);
    signal({ tenantId, contactId: held.contactId });
    expect(held.voided.aborted).toBe(true);
  });

  it('reach nothing that was released', async () => {
    const held = await permit();
    held.release();
    signal({ tenantId, contactId: held.contactId });
    expect(held.voided.aborted).toBe(false);
  });

  it.each([undefined, 'x', { tenantId }, { tenantId, contactId: 'x' }, { tenantId, endpointHash: 'x' }])(
    'that cannot be read void everything: %p',
    async (data) => {
      const held = await permit();
      signal(data);
      expect(held.check()).toBe('voided');
    },
  );
});

describe('clocks', () => {
  it('2.7 that disagree by more than 200 ms void everything held', async () => {
    const [one, two] = [await permit(), await permit()];
    clock.jump(201);
    expect(one.check()).toBe('clock');
    clock.jump(-201);
    expect(one.check()).toBe('clock');
    expect(two.check()).toBe('clock');
  });

  it('2.7 that disagree over the answer void it', async () => {
    office.beforeAnswer = () => clock.suspend(5_000);
    expect((await permit()).check()).toBe('clock');
  });

  it('are trusted again by the next question', async () => {
    const held = await permit();
    clock.suspend(5_000);
    expect(held.check()).toBe('clock');
    expect((await permit()).check()).toBe('valid');
  });
});

describe('a local denial', () => {
  it('2.11 voids what is held and what is yet to come, until it is lifted', async () => {
    const about = ask();
    const before = await permit(about);
    const lift = desk.deny({ tenantId, contactId: about.contactId });
    expect(before.check()).toBe('voided');
    expect((await permit(about)).check()).toBe('voided');
    lift();
    expect((await permit(about)).check()).toBe('valid');
    expect(before.check()).toBe('voided');
  });
});

describe('an answer', () => {
  it('comes for each ask in its order, permit or denial', async () => {
    const asks = [ask(), ask(), ask()];
    office.deny(asks[1]!.contactId, contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT, '2026-11-24T09:00:00Z');
    const answers = await desk.obtain(tenantId, asks);
    expect(answers.map(({ kind, attemptId }) => [kind, attemptId])).toEqual([
      ['permit', asks[0]!.attemptId],
      ['denial', asks[1]!.attemptId],
      ['permit', asks[2]!.attemptId],
    ]);
    const denial = answers[1] as Denial;
    expect(denial.reason).toBe(contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT);
    expect(denial.retryAfter).toEqual(new Date('2026-11-24T09:00:00Z'));
  });

  it('of denials alone needs no signature', async () => {
    const about = ask();
    office.deny(about.contactId, contactsV1.DenialReason.DENIAL_REASON_NO_CONSENT);
    expect((await desk.obtain(tenantId, [about]))[0]?.kind).toBe('denial');
  });

  it('asks with a nonce of its own each time, of 16 bytes', async () => {
    const about = ask();
    await desk.obtain(tenantId, [about]);
    await desk.obtain(tenantId, [about]);
    const [first, second] = office.batches.flat();
    expect(first!.nonce).toHaveLength(16);
    expect(first!.nonce).not.toEqual(second!.nonce);
  });

  it('is asked for by at most 500 at once', async () => {
    await expect(
      desk.obtain(
        tenantId,
        Array.from({ length: 501 }, () => ask()),
      ),
    ).rejects.toThrow(RangeError);
  });

  it('that never comes leaves nothing held', async () => {
    office.beforeAnswer = () => Promise.reject(new Error('down'));
    await expect(permit()).rejects.toThrow('down');
  });

  it.each<[string, string, (response: contactsV1.BatchIssuePermitsResponse) => void]>([
    [
      'a signature of another key',
      'ROOT_NOT_SIGNED',
      (response) => {
        const context = Buffer.from(PERMIT_CONTEXT);
        response.signature = SigningKey.generate().sign(Buffer.concat([context, response.root]));
      },
    ],
    [
      'a key that is not of contacts',
      'ROOT_NOT_SIGNED',
      (response) => {
        response.keyId = SigningKey.generate().keyId;
      },
    ],
    [
      'the signature of a bare root',
      'ROOT_NOT_SIGNED',
      (response) => {
        response.signature = office.key.sign(response.root);
      },
    ],
    [
      'another lifetime',
      'PERMIT_NOT_FOR_THIS_ASK',
      (response) => {
        permitIn(response).lifetimeMs = 60_000;
      },
    ],
    [
      'another endpoint',
      'PERMIT_NOT_FOR_THIS_ASK',
      (response) => {
        permitIn(response).endpointId = newId();
      },
    ],
    [
      'a path of another leaf',
      'PERMIT_NOT_FOR_THIS_ASK',
      (response) => {
        permitIn(response).path = [Buffer.alloc(32)];
      },
    ],
    [
      'no address',
      'PERMIT_NOT_FOR_THIS_ASK',
      (response) => {
        permitIn(response).address = '';
      },
    ],
    [
      'fewer answers',
      'ANSWERS_MISSING',
      (response) => {
        response.answers.pop();
      },
    ],
    [
      'answers in another order',
      'ANSWER_OF_ANOTHER',
      (response) => {
        response.answers.reverse();
      },
    ],
    [
      'neither permit nor denial',
      'ANSWER_UNSIGNED',
      (response) => {
        response.answers[1]!.answer = undefined;
      },
    ],
  ])('with %s is not used', async (_, why, tamper) => {
    expect(await refusalOf(tamper)).toBe(why);
  });

  it('2.9 to an earlier question is not used', async () => {
    const about = ask();
    let first: contactsV1.BatchIssuePermitsResponse | undefined;
    const replaying = new PermitDesk({
      client: {
        returnPermits: (request) => office.returnPermits(request),
        batchIssuePermits: async (request, options) =>
          (first ??= await office.batchIssuePermits(request, options)),
      },
      publicKeyOf: office.publicKeyOf,
      clock,
      signals: { subscribe: () => () => undefined },
    });
    await replaying.obtain(tenantId, [about]);
    await expect(replaying.obtain(tenantId, [about])).rejects.toThrow('PERMIT_UNVERIFIED');
  });
});
