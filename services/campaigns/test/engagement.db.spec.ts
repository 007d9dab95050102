import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { type EngagementChange } from '../src/engagement/engagement.js';
import { addEngagements, engagementsOf } from '../src/engagement/engagement.store.js';
import { campaigns } from '../src/service.js';

describe('the counters of opens and clicks', () => {
  const tenantId = newId();
  let database: TestDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await createTestDatabase('campaigns', migrationsOf(campaigns));
    uow = new UnitOfWork(database.open());
  });
  afterAll(() => database.drop());

  const change = (campaignId: string, more: Partial<EngagementChange> = {}): EngagementChange => ({
    ...{ campaignId, step: 1, opens: 0, openers: 0, clicks: 0, clickers: 0 },
    ...{ automatedOpens: 0, automatedClicks: 0 },
    ...more,
  });
  const add = (...changes: EngagementChange[]) => uow.run(tenantId, (tx) => addEngagements(tx, changes));
  const seen = async (campaignId: string, as = tenantId) =>
    (await uow.run(as, (tx) => engagementsOf(tx, [campaignId]))).get(campaignId);

  it('add up over steps and batches, people and machines apart', async () => {
    const campaignId = newId();
    await add(
      change(campaignId, { opens: 1, openers: 1 }),
      change(campaignId, { opens: 2, openers: 1, automatedOpens: 4 }),
      change(campaignId, { step: 2, clicks: 1, clickers: 1, automatedClicks: 7 }),
    );
    await add(change(campaignId, { opens: 1 }));
    expect(await seen(campaignId)).toEqual({
      ...{ opens: 4n, openers: 2n, clicks: 1n, clickers: 1n, automatedOpens: 4n, automatedClicks: 7n },
    });
  });

  it('move what was counted as a person’s to the machines, when that is known', async () => {
    const campaignId = newId();
    await add(change(campaignId, { clicks: 3, clickers: 1 }));
    await add(change(campaignId, { clicks: -3, clickers: -1, automatedClicks: 3 }));
    expect(await seen(campaignId)).toMatchObject({ clicks: 0n, clickers: 0n, automatedClicks: 3n });
  });

  it('are the tenant’s own, and say nothing below zero', async () => {
    const campaignId = newId();
    await add(change(campaignId, { opens: -2 }));
    expect(await seen(campaignId)).toMatchObject({ opens: 0n });
    expect(await seen(campaignId, newId())).toBeUndefined();
  });
});
