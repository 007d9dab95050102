import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, newId } from '@heed/kernel';
import { gate } from '@heed/testing';
import { CampaignsFixture, reasonOf } from './campaigns-fixture.js';

describe('planning an audience', () => {
  let campaigns: CampaignsFixture;
  let wholeList: CampaignsFixture['stream'];
  const never = new AbortController().signal;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
    wholeList = campaigns.stream;
  });
  beforeEach(() => {
    campaigns.stream = wholeList;
  });
  afterAll(() => campaigns.database.drop());

  async function started(size: number, more: { audienceLimit?: bigint } = {}): Promise<string> {
    const campaignId = await campaigns.draft(size, more);
    await campaigns.command(campaignId, 'start');
    return campaignId;
  }
  async function plannedFor(campaignId: string): Promise<(string | null)[]> {
    const rows = await campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.query<{ contact_id: string | null }>(
        'select contact_id from intent where campaign_id = $1 order by ordinal',
        [campaignId],
      ),
    );
    return rows.map((row) => row.contact_id);
  }
  /** The list, broken off after so many batches of its stream. */
  const brokenAfter = (batches: number): CampaignsFixture['stream'] =>
    async function* (request) {
      let sent = 0;
      for await (const batch of wholeList(request)) {
        if (sent++ === batches) throw new DomainError('DRAINING', 'unavailable');
        yield batch;
      }
    };

  it('makes an intent for each contact of the list, in order, and begins', async () => {
    const campaignId = await started(1234);
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(await plannedFor(campaignId)).toEqual(campaigns.members);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 1234n, open: 1234n });
    expect(await campaigns.stateOf(campaignId)).toBe('running');
  });

  it('that is broken off goes on after the last contact stored', async () => {
    const campaignId = await started(3500);
    campaigns.stream = brokenAfter(2);
    expect(await reasonOf(campaigns.planAudience.plan(await campaigns.lease(), never))).toBe('DRAINING');
    expect(await campaigns.stateOf(campaignId)).toBe('planning');
    const asked: string[] = [];
    campaigns.stream = (request) => {
      asked.push(request.afterContactId);
      return wholeList(request);
    };
    await campaigns.clock.advance(2_000);
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(asked).toEqual([campaigns.members[1999]]);
    expect(await plannedFor(campaignId)).toEqual(campaigns.members);
  });

  it('of a planner that was killed is taken up by the next once the lease is over, and not before', async () => {
    const campaignId = await started(1500);
    const [firstDoor, secondDoor] = [gate(), gate()];
    campaigns.stream = async function* (request) {
      for await (const batch of wholeList(request)) {
        yield batch;
        await firstDoor();
      }
    };
    const zombie = campaigns.planAudience.plan(await campaigns.lease(), never);
    await firstDoor.reached;
    await campaigns.advance(0);
    expect(await campaigns.dispatchDue.step()).toMatchObject({ did: 'nothing' });
    await campaigns.clock.advance(5_000);
    campaigns.stream = async function* (request) {
      await secondDoor();
      yield* wholeList(request);
    };
    const next = campaigns.planAudience.plan(await campaigns.lease(), never);
    await secondDoor.reached;
    // The first comes back to life while the second works: it stores nothing more, and takes nothing back.
    firstDoor.open();
    await zombie;
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 1000n, open: 1000n });
    expect(await campaigns.stateOf(campaignId)).toBe('planning');
    secondDoor.open();
    await next;
    expect(await plannedFor(campaignId)).toEqual(campaigns.members);
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ audience: 1500n, open: 1500n });
    expect(await campaigns.stateOf(campaignId)).toBe('running');
  });

  it('keeps to its limit, also over an interruption', async () => {
    const campaignId = await started(3000, { audienceLimit: 1700n });
    campaigns.stream = brokenAfter(1);
    await reasonOf(campaigns.planAudience.plan(await campaigns.lease(), never));
    campaigns.stream = wholeList;
    await campaigns.clock.advance(2_000);
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(await plannedFor(campaignId)).toEqual(campaigns.members.slice(0, 1700));
  });

  it('I5 leaves out who was erased, also one who was planned before the interruption', async () => {
    const campaignId = await started(2500);
    const [early = '', last = '', late = ''] = [0, 999, 1500].map((index) => campaigns.members[index]);
    await campaigns.erase([early]);
    campaigns.stream = brokenAfter(1);
    await reasonOf(campaigns.planAudience.plan(await campaigns.lease(), never));
    await campaigns.erase([last, late]);
    campaigns.stream = wholeList;
    await campaigns.clock.advance(2_000);
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    const planned = await plannedFor(campaignId);
    expect(planned.filter((id) => id === null)).toHaveLength(1);
    expect(planned.filter((id) => id !== null)).toEqual(
      campaigns.members.filter((id) => ![early, last, late].includes(id)),
    );
    const ledger = await campaigns.ledgerOf(campaignId);
    expect(ledger).toMatchObject({
      audience: 2498n,
      skipped: 1n,
      open: 2497n,
      skippedByReason: { erased: 1n },
    });
    expect(ledger).toEqual(await campaigns.recount(campaignId));
  });

  it('stops when the campaign is cancelled, and what was planned is skipped', async () => {
    const campaignId = await started(2500);
    const door = gate();
    campaigns.stream = async function* (request) {
      for await (const batch of wholeList(request)) {
        yield batch;
        await door();
      }
    };
    const planning = campaigns.planAudience.plan(await campaigns.lease(), never);
    await door.reached;
    await campaigns.command(campaignId, 'cancel');
    door.open();
    await planning;
    await campaigns.advance();
    expect(await campaigns.stateOf(campaignId)).toBe('cancelled');
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({
      ...{ audience: 1000n, open: 0n },
      skippedByReason: { cancelled: 1000n },
    });
  });

  it('gives its lease back when the service stops', async () => {
    const campaignId = await started(2500);
    const stopping = new AbortController();
    campaigns.stream = async function* (request) {
      for await (const batch of wholeList(request)) {
        yield batch;
        stopping.abort();
      }
    };
    await campaigns.planAudience.plan(await campaigns.lease(), stopping.signal);
    campaigns.stream = wholeList;
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(await plannedFor(campaignId)).toEqual(campaigns.members);
  });

  it('fails where there is no such list, with nothing open', async () => {
    const campaignId = await started(0);
    campaigns.stream = () => {
      throw new DomainError('LIST_NOT_FOUND', 'not-found');
    };
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(await campaigns.stateOf(campaignId)).toBe('failed');
  });

  it('completes at once where the list is empty', async () => {
    const campaignId = await started(0);
    await campaigns.planAudience.plan(await campaigns.lease(), never);
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
    await campaigns.advance();
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
  });

  it('is not begun for another tenant’s campaign', async () => {
    const campaignId = await campaigns.draft(1, { tenantId: newId() });
    expect(await reasonOf(campaigns.command(campaignId, 'start'))).toBe('CAMPAIGN_NOT_FOUND');
  });
});
