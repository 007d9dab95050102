import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { campaignsV1, messagingV1, typesV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { wordOf } from '../src/ledger/delivery-reported.consumer.js';
import { ResolveIntent } from '../src/ledger/resolve-intent.js';
import { CampaignsFixture, reasonOf } from './campaigns-fixture.js';

const MINUTE_MS = 60_000;

describe('what comes back from a sender', () => {
  let campaigns: CampaignsFixture;

  beforeAll(async () => {
    campaigns = await CampaignsFixture.create();
  });
  afterAll(async () => {
    expect(await brokenPromises(campaigns.database)).toEqual([]);
    await campaigns.database.drop();
  });

  const handedOut = async (campaignId: string): Promise<campaignsV1.DispatchRequested[]> =>
    (await campaigns.dispatched()).filter((event) => event.campaignId === campaignId);
  const later = (ms: number) => new Date(campaigns.clock.now().getTime() + ms);
  /** A campaign to one person, handed out. */
  async function one(): Promise<{ campaignId: string; intentId: string }> {
    const campaignId = await campaigns.running(1);
    await campaigns.advance();
    const [event] = await handedOut(campaignId);
    return { campaignId, intentId: event!.intentId };
  }

  it('7.3 deferred is open, wakes at its time and not before, and is the same intent and first try', async () => {
    const intent = await one();
    await campaigns.defer([{ ...intent, until: later(10 * MINUTE_MS) }]);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({
      audience: 1n,
      open: 1n,
      deferred: 1n,
    });
    expect(await campaigns.stateOf(intent.campaignId)).toBe('running');
    await campaigns.advance(10 * MINUTE_MS - 1);
    expect(await handedOut(intent.campaignId)).toHaveLength(1);
    await campaigns.advance(1);
    await campaigns.advance();
    const [, again] = await handedOut(intent.campaignId);
    expect(again).toMatchObject({ intentId: intent.intentId, try: 1, deferrals: 1 });
    await campaigns.conclude([intent]);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({
      audience: 1n,
      sent: 1n,
      deferred: 0n,
    });
    expect(await campaigns.stateOf(intent.campaignId)).toBe('completed');
  });

  it('is deferred once, however often and late a sender says so', async () => {
    const intent = await one();
    const deferral = { ...intent, until: later(MINUTE_MS) };
    await campaigns.defer([deferral, deferral]);
    await campaigns.defer([{ ...deferral, until: later(60 * MINUTE_MS) }]);
    await campaigns.advance(MINUTE_MS);
    await campaigns.advance();
    expect(await handedOut(intent.campaignId)).toHaveLength(2);
    // About the first time that it was handed out: the sender has it for the second time by now.
    await campaigns.defer([deferral]);
    await campaigns.conclude([intent]);
    await campaigns.defer([{ ...deferral, deferrals: 1 }]);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ sent: 1n, open: 0n, deferred: 0n });
    expect(await campaigns.ledgerOf(intent.campaignId)).toEqual(await campaigns.recount(intent.campaignId));
  });

  it('is skipped instead of deferred where the campaign is being cancelled meanwhile', async () => {
    const intent = await one();
    await campaigns.command(intent.campaignId, 'cancel');
    await campaigns.advance();
    expect(await campaigns.stateOf(intent.campaignId)).toBe('cancelling');
    await campaigns.defer([{ ...intent, until: later(MINUTE_MS) }]);
    expect(await campaigns.stateOf(intent.campaignId)).toBe('cancelled');
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ skippedByReason: { cancelled: 1n } });
  });

  it('deferred waits through a pause, and an opt-out ends it', async () => {
    const intent = await one();
    await campaigns.defer([{ ...intent, until: later(MINUTE_MS) }]);
    await campaigns.command(intent.campaignId, 'pause');
    await campaigns.advance(10 * MINUTE_MS);
    expect(await handedOut(intent.campaignId)).toHaveLength(1);
    await campaigns.optOut(campaigns.members);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ skippedByReason: { opted_out: 1n } });
    expect(await campaigns.stateOf(intent.campaignId)).toBe('completed');
  });

  it('unknown becomes sent or failed by a later word, once, and is never sent again', async () => {
    const intent = await one();
    await campaigns.conclude([{ ...intent, outcome: 'unknown', reason: 'sender_lost' }]);
    expect(await campaigns.stateOf(intent.campaignId)).toBe('completed');
    // The first word again, in other words; a later one that is no end.
    await campaigns.conclude([{ ...intent, outcome: 'sent' }]);
    await campaigns.conclude([{ ...intent, outcome: 'skipped', reason: 'no_consent', isLater: true }]);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ unknown: 1n, sent: 0n, skipped: 0n });
    await campaigns.conclude([{ ...intent, outcome: 'failed', reason: 'bounced', isLater: true }]);
    await campaigns.conclude([{ ...intent, outcome: 'sent', isLater: true }]);
    const ledger = await campaigns.ledgerOf(intent.campaignId);
    expect(ledger).toMatchObject({ audience: 1n, unknown: 0n, failed: 1n, sent: 0n, open: 0n });
    expect(ledger).toEqual(await campaigns.recount(intent.campaignId));
    await campaigns.advance(MINUTE_MS);
    expect(await handedOut(intent.campaignId)).toHaveLength(1);
  });

  it('a later word that comes before the first, or with it, counts', async () => {
    const [early, together] = [await one(), await one()];
    await campaigns.conclude([{ ...early, outcome: 'failed', reason: 'bounced', isLater: true }]);
    await campaigns.conclude([{ ...early, outcome: 'unknown' }]);
    await campaigns.conclude([
      { ...together, outcome: 'unknown' },
      { ...together, outcome: 'failed', reason: 'bounced', isLater: true },
    ]);
    for (const { campaignId } of [early, together]) {
      expect(await campaigns.ledgerOf(campaignId)).toMatchObject({ failed: 1n, unknown: 0n, open: 0n });
      expect(await campaigns.ledgerOf(campaignId)).toEqual(await campaigns.recount(campaignId));
    }
  });

  it('sent stays sent, whatever is said later', async () => {
    const intent = await one();
    await campaigns.conclude([intent]);
    await campaigns.conclude([{ ...intent, outcome: 'failed', reason: 'bounced', isLater: true }]);
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ sent: 1n, failed: 0n });
  });

  it('unknown is resolved by a person once, who stays on record; saying it again changes nothing', async () => {
    const intent = await one();
    const resolving = new ResolveIntent(
      campaigns.uow,
      campaigns.concludeIntents,
      campaigns.audit,
      campaigns.clock,
    );
    const { tenantId } = campaigns;
    const say = (actorId: string, outcome: typesV1.Outcome) =>
      resolving.resolve(
        { tenantId, actorId, method: 'ResolveIntent' },
        { intentId: intent.intentId, outcome, note: campaignsV1.ResolutionNote.RESOLUTION_NOTE_PROVIDER_LOG },
      );
    const { OUTCOME_SENT: sent, OUTCOME_FAILED: failed, OUTCOME_SKIPPED: skipped } = typesV1.Outcome;
    expect(await reasonOf(say('ada', sent))).toBe('INTENT_NOT_UNKNOWN');
    await campaigns.conclude([{ ...intent, outcome: 'unknown' }]);
    expect(await reasonOf(say('ada', skipped))).toBe('INVALID_ARGUMENT');
    expect((await say('ada', failed)).intent).toMatchObject({ outcome: failed, reason: 'provider_log' });
    expect((await say('ada', failed)).intent).toMatchObject({ outcome: failed });
    expect(await reasonOf(say('bob', sent))).toBe('INTENT_NOT_UNKNOWN');
    expect(await campaigns.ledgerOf(intent.campaignId)).toMatchObject({ unknown: 0n, failed: 1n, sent: 0n });
    const rows = await campaigns.uow.run(tenantId, (tx) =>
      tx.query('select outcome, note, actor_id from intent_resolution where campaign_id = $1', [
        intent.campaignId,
      ]),
    );
    expect(rows).toEqual([{ outcome: 'failed', note: 'provider_log', actor_id: 'ada' }]);
  });

  it('a delivery report concludes what was unknown, and nothing that is open or sent', async () => {
    const [unknown, open, sent] = [await one(), await one(), await one()];
    await campaigns.conclude([{ ...unknown, outcome: 'unknown' }, sent]);
    const report = (intent: { campaignId: string; intentId: string }) =>
      wordOf(
        messagingV1.DeliveryReported.fromPartial({
          ...intent,
          ...{ delivery: messagingV1.Delivery.DELIVERY_HARD_BOUNCE, code: '5_1_1' },
        }),
      )!;
    await campaigns.uow.run(campaigns.tenantId, (tx) =>
      campaigns.concludeIntents.asSendersSay(tx, [unknown, open, sent].map(report)),
    );
    expect(await campaigns.ledgerOf(unknown.campaignId)).toMatchObject({ failed: 1n, unknown: 0n });
    expect(await campaigns.ledgerOf(open.campaignId)).toMatchObject({ open: 1n });
    expect(await campaigns.ledgerOf(sent.campaignId)).toMatchObject({ sent: 1n, failed: 0n });
  });
});
