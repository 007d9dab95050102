import { beforeEach, describe, expect, it } from '@jest/globals';
import { typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Denial, type HeldPermit, PermitDesk } from '@heed/permits';
import { PermitOffice, TestClock } from '@heed/testing';
import { PermitGuard } from './permit-guard.js';

const tenantId = newId();
const attemptId = newId();

describe('the guard of a hand-over', () => {
  let clock: TestClock;
  let desk: PermitDesk;
  let renewals: (HeldPermit | Denial | undefined)[];

  beforeEach(() => {
    clock = new TestClock();
    const office = new PermitOffice();
    renewals = [];
    desk = new PermitDesk({
      client: office,
      publicKeyOf: office.publicKeyOf,
      signals: { subscribe: () => () => undefined },
      clock,
    });
  });

  async function permit(): Promise<HeldPermit> {
    const [answer] = await desk.obtain(tenantId, [
      { attemptId, contactId: newId(), channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'news' },
    ]);
    return answer as HeldPermit;
  }

  async function guard(held: HeldPermit): Promise<PermitGuard> {
    return new PermitGuard({
      ...{ attemptId, permit: held },
      renew: async () => renewals.shift(),
      beforeDot: () => undefined,
    });
  }

  it('lets begin and end what is permitted', async () => {
    const watching = await guard(await permit());
    expect(watching.mayBegin()).toBe(true);
    watching.begun();
    await watching.beforeEnd();
    expect(watching.mayEnd()).toBe(true);
    watching.ended();
    expect(watching.lateMs).toBe(0);
  });

  it('lets nothing begin once the permit has ended', async () => {
    const watching = await guard(await permit());
    await clock.advance(1_000);
    expect(watching.mayBegin()).toBe(false);
  });

  it('lets nothing end that was voided, though it had begun', async () => {
    const held = await permit();
    const watching = await guard(held);
    watching.mayBegin();
    held.void('voided');
    await watching.beforeEnd();
    expect(watching.mayEnd()).toBe(false);
  });

  it('does not end on a permit that dies between the renewal and the dot', async () => {
    const watching = await guard(await permit());
    watching.mayBegin();
    await watching.beforeEnd();
    await clock.advance(1_000);
    expect(watching.mayEnd()).toBe(false);
  });

  it('2.8 ends under a second permit, which is consumed in its turn', async () => {
    const watching = await guard(await permit());
    watching.mayBegin();
    await clock.advance(1_200);
    const second = await permit();
    renewals.push(second);
    await watching.beforeEnd();
    expect(watching.mayEnd()).toBe(true);
    expect(() => second.consume(attemptId)).toThrow('PERMIT_USED');
  });

  it('does not end where the second permit is void too', async () => {
    const watching = await guard(await permit());
    watching.mayBegin();
    await clock.advance(1_200);
    const second = await permit();
    second.void('voided');
    renewals.push(second);
    await watching.beforeEnd();
    expect(watching.mayEnd()).toBe(false);
  });

  it('remembers why it could not be renewed', async () => {
    const watching = await guard(await permit());
    watching.mayBegin();
    await clock.advance(1_200);
    const denial: Denial = { kind: 'denial', attemptId, reason: 2, rule: 'consent', citation: '' };
    renewals.push(denial);
    await watching.beforeEnd();
    expect(watching.mayEnd()).toBe(false);
    expect(watching.denial).toBe(denial);
  });

  it('2.6 measures by how much a write ended after its permit, and keeps the worst', async () => {
    const watching = await guard(await permit());
    watching.mayBegin();
    await clock.advance(1_040);
    watching.begun();
    expect(watching.lateMs).toBe(40);
    renewals.push(await permit());
    await watching.beforeEnd();
    watching.mayEnd();
    watching.ended();
    expect(watching.lateMs).toBe(40);
  });
});
