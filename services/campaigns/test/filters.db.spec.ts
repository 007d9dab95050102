import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { campaignsBefore, type CampaignFilter } from '../src/campaigns/campaign.store.js';
import { intentsAfter, type IntentFilter } from '../src/ledger/intent.store.js';
import { templatesAfter } from '../src/templates/template.store.js';
import { CampaignsFixture } from './campaigns-fixture.js';

describe('a list of campaigns', () => {
  let campaigns: CampaignsFixture;
  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(() => campaigns.database.drop());

  const found = (tenantId: string, filter: Partial<CampaignFilter>): Promise<string[]> =>
    campaigns.uow.run(tenantId, async (tx) => {
      const all = {
        ...{ states: undefined, listId: '', templateId: '', channel: undefined, nameContains: '' },
        ...{ created: {}, ...filter },
      };
      return (await campaignsBefore(tx, all, undefined, 10)).map(({ name }) => name);
    });

  it('is cut by list, template, channel, name, state and time, and to all of these at once', async () => {
    const [tenantId, listId, templateId] = [newId(), newId(), newId()];
    const createdAt = new Date('2026-11-02T00:00:00Z');
    await campaigns.draft(1, { tenantId, name: 'Spring 100%', listId, createdAt });
    await campaigns.draft(1, { tenantId, name: 'Autumn', templateId, createdAt: new Date(0) });
    const [spring, autumn] = [['Spring 100%'], ['Autumn']];
    expect(await found(tenantId, {})).toEqual([...autumn, ...spring]);
    expect(await found(tenantId, { listId })).toEqual(spring);
    expect(await found(tenantId, { templateId })).toEqual(autumn);
    expect(await found(tenantId, { channel: 'voice' })).toEqual([]);
    expect(await found(tenantId, { nameContains: 'SPRING' })).toEqual(spring);
    expect(await found(tenantId, { nameContains: '%' })).toEqual(spring);
    expect(await found(tenantId, { created: { from: createdAt } })).toEqual(spring);
    expect(await found(tenantId, { created: { until: createdAt } })).toEqual(autumn);
    const until = new Date(createdAt.getTime() + 1);
    expect(await found(tenantId, { created: { from: createdAt, until }, states: ['draft'], listId })).toEqual(
      spring,
    );
    expect(await found(tenantId, { states: ['running'], listId })).toEqual([]);
  });

  it('has templates for a channel whose names hold a text', async () => {
    const [tenantId, templateId] = [newId(), newId()];
    await campaigns.draft(1, { tenantId, templateId });
    await campaigns.draft(1, { tenantId });
    const named = (nameContains: string, channel?: 'email' | 'voice') =>
      campaigns.uow.run(tenantId, async (tx) =>
        (await templatesAfter(tx, { channel, nameContains, after: undefined, limit: 10 })).map(
          ({ name }) => name,
        ),
      );
    // The name of one here is its id.
    expect(await named(templateId.slice(9).toUpperCase())).toEqual([templateId]);
    expect(await named('_')).toEqual([]);
    expect(await named('', 'email')).toHaveLength(2);
    expect(await named('', 'voice')).toEqual([]);
  });

  it('has intents by why they ended and when they last changed', async () => {
    const campaignId = await campaigns.running(3);
    const [someone = ''] = campaigns.members;
    const before = campaigns.clock.now();
    await campaigns.clock.advance(1_000);
    await campaigns.optOut([someone]);
    const changed = (filter: Partial<IntentFilter>) =>
      campaigns.uow.run(campaigns.tenantId, async (tx) => {
        const all = { state: undefined, outcome: undefined, contactId: undefined, reason: undefined };
        const page = { ...all, updated: {}, ...filter, after: '0', limit: 10 };
        return (await intentsAfter(tx, campaignId, page)).map(({ contactId }) => contactId);
      });
    const from = new Date(before.getTime() + 1);
    expect(await changed({ reason: 'opted_out' })).toEqual([someone]);
    expect(await changed({ reason: 'erased' })).toEqual([]);
    expect(await changed({ updated: { from } })).toEqual([someone]);
    expect(await changed({ updated: { until: from } })).toEqual(campaigns.members.slice(1));
    expect(await changed({ updated: { until: from }, reason: 'opted_out' })).toEqual([]);
  });
});
