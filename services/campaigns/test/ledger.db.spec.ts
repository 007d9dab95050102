import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { constraintOf, sqlstate } from '@heed/postgres';
import { CampaignsFixture } from './campaigns-fixture.js';

describe('I7 the intent ledger', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(() => campaigns.database.drop());

  async function dispatchedOf(campaignId: string): Promise<string[]> {
    const all = await campaigns.dispatched();
    return all.filter((event) => event.campaignId === campaignId).map((event) => event.intentId);
  }

  it('refuses every change after which it would not balance', async () => {
    const campaignId = await campaigns.running(3);
    const refused = async (change: string) => {
      const changing = campaigns.uow.run(campaigns.tenantId, (tx) =>
        tx.execute(`update campaign_ledger set ${change} where campaign_id = $1`, [campaignId]),
      );
      const error = await changing.catch((thrown: unknown) => thrown);
      return `${sqlstate(error)} ${constraintOf(error)}`;
    };
    expect(await refused('sent = sent + 1')).toBe('23514 campaign_ledger_balances');
    expect(await refused('open = open - 1')).toBe('23514 campaign_ledger_balances');
    expect(await refused('audience = audience + 1')).toBe('23514 campaign_ledger_balances');
    expect(await refused('open = open + 1, failed = -1')).toBe('23514 campaign_ledger_failed_check');
    expect(await refused('in_flight = open + 1')).toBe('23514 campaign_ledger_in_flight');
    expect(await refused('ended = true')).toBe('23514 campaign_ledger_ends_closed');
  });

  it('counts each intent once, however often and in whatever order senders speak', async () => {
    const campaignId = await campaigns.running(4);
    await campaigns.advance();
    const [a = '', b = '', c = '', d = ''] = await dispatchedOf(campaignId);
    await campaigns.conclude([
      { intentId: a },
      { intentId: a, outcome: 'failed', reason: 'mailbox_unknown' },
    ]);
    await campaigns.conclude([
      { intentId: a, outcome: 'unknown' },
      { intentId: b, outcome: 'skipped', reason: 'no_consent' },
    ]);
    await campaigns.conclude([{ intentId: b }, { intentId: newId() }]);
    expect(await campaigns.ledgerOf(campaignId)).toEqual({
      ...{ audience: 4n, sent: 1n, skipped: 1n, failed: 0n, unknown: 0n, open: 2n, deferred: 0n },
      skippedByReason: { no_consent: 1n },
    });
    await campaigns.conclude([
      { intentId: d, outcome: 'failed', reason: 'refused' },
      { intentId: c, outcome: 'unknown' },
    ]);
    const ledger = await campaigns.ledgerOf(campaignId);
    expect(ledger).toMatchObject({ sent: 1n, skipped: 1n, failed: 1n, unknown: 1n, open: 0n });
    expect(ledger).toEqual(await campaigns.recount(campaignId));
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
  });

  it('takes what a sender says of an intent that was not yet handed out: after a restore it knows better', async () => {
    const campaignId = await campaigns.running(1);
    const [row] = await campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.query<{ intent_id: string }>('select intent_id from intent where campaign_id = $1', [campaignId]),
    );
    await campaigns.conclude([{ intentId: row?.intent_id ?? '' }]);
    await campaigns.advance();
    expect(await dispatchedOf(campaignId)).toEqual([]);
    expect(await campaigns.stateOf(campaignId)).toBe('completed');
  });

  it('skips what is planned for people who opt out of its channel and purpose, and nothing else', async () => {
    const campaignId = await campaigns.running(8, { ratePerSecond: 10 });
    const [with_sender = '', all = '', email = '', marketing = '', both = '', voice = '', other = ''] =
      campaigns.members;
    await campaigns.advance();
    expect(await dispatchedOf(campaignId)).toHaveLength(1);
    await campaigns.optOut([with_sender, all]);
    await campaigns.optOut([email], { channel: 'email' });
    await campaigns.optOut([marketing], { purpose: 'marketing' });
    await campaigns.optOut([both, both], { channel: 'email', purpose: 'marketing' });
    await campaigns.optOut([voice], { channel: 'voice' });
    await campaigns.optOut([other], { purpose: 'billing' });
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({
      ...{ skipped: 4n, open: 4n },
      skippedByReason: { opted_out: 4n },
    });
    await campaigns.advance(1000);
    expect(await dispatchedOf(campaignId)).toHaveLength(4);
  });

  it('7.4 counts who is erased as skipped before the ids go, and keeps the row without them', async () => {
    const campaignId = await campaigns.running(3, { ratePerSecond: 10 });
    await campaigns.advance();
    const [intentId = ''] = await dispatchedOf(campaignId);
    await campaigns.erase(campaigns.members.slice(0, 2));
    // What the sender says of an intent whose id is gone finds nothing any more.
    await campaigns.conclude([{ intentId }]);
    expect(await campaigns.ledgerOf(campaignId)).toEqual({
      ...{ audience: 3n, sent: 0n, skipped: 2n, failed: 0n, unknown: 0n, open: 1n, deferred: 0n },
      skippedByReason: { erased: 2n },
    });
    expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));
    const rows = await campaigns.uow.run(campaigns.tenantId, (tx) =>
      tx.query('select contact_id, intent_id from intent where campaign_id = $1 order by ordinal limit 2', [
        campaignId,
      ]),
    );
    expect(rows).toEqual([
      { contact_id: null, intent_id: null },
      { contact_id: null, intent_id: null },
    ]);
  });

  it('ends a campaign at the last conclusion, whoever brings it', async () => {
    const ids = [await campaigns.running(1), await campaigns.running(1), await campaigns.running(1)];
    const [byOptOut = '', byErasure = '', paused = ''] = ids;
    const memberOf = async (campaignId: string) => {
      const [row] = await campaigns.uow.run(campaigns.tenantId, (tx) =>
        tx.query<{ contact_id: string }>('select contact_id from intent where campaign_id = $1', [
          campaignId,
        ]),
      );
      return row?.contact_id ?? '';
    };
    await campaigns.command(paused, 'pause');
    await campaigns.optOut([await memberOf(byOptOut), await memberOf(paused)]);
    await campaigns.erase([await memberOf(byErasure)]);
    expect(await Promise.all(ids.map((id) => campaigns.stateOf(id)))).toEqual([
      'completed',
      'completed',
      'completed',
    ]);
  });

  it('I8 is moved by nobody from another tenant', async () => {
    const campaignId = await campaigns.running(2);
    await campaigns.advance();
    const intents = (await dispatchedOf(campaignId)).map((intentId) => ({ intentId }));
    await campaigns.conclude(intents, newId());
    expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ sent: 0n, open: 2n });
    expect(await campaigns.ledgerOf(campaignId, newId())).toMatchObject({ audience: 0n });
  });
});
