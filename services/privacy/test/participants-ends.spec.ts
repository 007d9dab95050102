import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { SigningKey } from '@heed/kernel';
import { brokenPromisesOf } from '@heed/testing';
import { verifyCertificate } from '@heed/verifier';
import { operatorOf, Outsider } from './participant.js';
import { Town } from './town.js';

type Operator = Awaited<ReturnType<typeof operatorOf>>;

describe('a participant that changes its key, or ends', () => {
  let town: Town;
  let operator: Operator;
  beforeAll(async () => {
    town = await Town.open();
    operator = await operatorOf(town);
  });
  afterAll(() => town?.close());

  async function joined(name: string): Promise<Outsider & { version: string }> {
    const outsider = new Outsider(town, name);
    await outsider.enrol([town.tenantId]);
    const { version } = await outsider.register();
    return Object.assign(outsider, { version });
  }
  const leavesAbout = async (service: string) =>
    (
      await town.sql<{ data: Buffer }>(
        'privacy',
        `select data from log_leaf where encode(data, 'escape') like $1 order by index`,
        [`%"service":"${service}"%`],
      )
    ).map(({ data }) => JSON.parse(data.toString()) as Record<string, unknown>);
  /** An erasure that this participant has answered; what certifies it. */
  async function erased(outsider: Outsider, after: number): Promise<[certificate: Buffer, at: number]> {
    const { requestId } = await town.request({ subjectId: await town.person() });
    const at = await outsider.answer(after, 2);
    await town.watched(requestId);
    return [await town.certificate(requestId), at];
  }

  it('6.8 goes on with a key that the old one signs for: receipts before that stand, and none by the old one counts after', async () => {
    const studio = await joined('studio');
    const [before, at] = await erased(studio, 0);
    const client = await studio.client();
    const old = studio.key;
    const next = SigningKey.generate();
    const stranger = SigningKey.generate();
    for (const forged of [
      studio.keyChange(next, stranger),
      studio.keyChange(next, old, stranger.keyId),
      { ...studio.keyChange(next), newSignature: stranger.sign(Buffer.from('x')) },
      { ...studio.keyChange(next), change: Buffer.from('{}') },
    ])
      await expect(client.changeParticipantKey(forged)).rejects.toMatchObject({
        reason: 'KEY_CHANGE_UNSIGNED',
      });
    const change = studio.keyChange(next);
    expect(await client.changeParticipantKey(change)).toEqual({ keyId: next.keyId });
    studio.goOnWith(next);
    // Its answer was lost.
    expect(await (await studio.client()).changeParticipantKey(change)).toEqual({ keyId: next.keyId });

    const { requestId } = await town.request({ subjectId: await town.person() });
    const given = await studio.pulled(at);
    const byOld = studio.submit(given.tenantId, studio.sign(given, { key: old }));
    await expect(byOld).rejects.toMatchObject({ reason: 'RECEIPT_KEY_UNKNOWN' });
    await studio.answer(at, 2);
    await town.watched(requestId);
    const vkey = await town.vkey();
    verifyCertificate(before, vkey);
    verifyCertificate(await town.certificate(requestId), vkey);
    const about = (await leavesAbout('studio')).filter(({ type }) => String(type).includes('key_'));
    expect(about.map(({ type, key_id: key }) => [type, key])).toEqual([
      ['key_added', old.keyId],
      ['participant_key_changed', next.keyId],
      ['key_added', next.keyId],
      ['key_revoked', old.keyId],
    ]);
    expect(about[1]).toMatchObject({
      previous_key: old.keyId,
      signature: change.signature.toString('base64'),
    });
    await (await studio.client()).retireParticipant(studio.retirement(studio.version, studio.remains()));
  });

  it('6.8 whose key was stolen goes on with another by the word of the operator, which the log keeps', async () => {
    const shop = await joined('shop');
    const old = shop.key;
    const replace = (publicKey: Uint8Array, name = 'shop') =>
      operator.replaceParticipantKey({ name, publicKey: Buffer.from(publicKey), reason: 'stolen' });
    await expect(replace(old.publicKey, 'nobody')).rejects.toMatchObject({ reason: 'PARTICIPANT_UNKNOWN' });
    await expect(replace(Buffer.alloc(31))).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
    const next = SigningKey.generate();
    const { participant } = await replace(next.publicKey);
    expect(participant).toMatchObject({ name: 'shop', keyId: next.keyId });
    await replace(next.publicKey);
    // The thief asks for it back, and brings the old one in again.
    await expect(replace(old.publicKey)).rejects.toMatchObject({ reason: 'PARTICIPANT_KEY_TAKEN' });
    await expect(shop.register()).rejects.toMatchObject({ kind: 'unauthenticated' });
    shop.goOnWith(next);
    await shop.register();
    const changes = (await leavesAbout('shop')).filter(({ type }) => type === 'participant_key_changed');
    expect(changes).toMatchObject([{ because: 'stolen', key_id: next.keyId, previous_key: old.keyId }]);
    expect(changes[0]).not.toHaveProperty('signature');
    await (await shop.client()).retireParticipant(shop.retirement(shop.version, shop.remains()));
  });

  it('6.5 says last what remains of each store: handed to one that somebody answers for, or kept on a ground', async () => {
    const depot = await joined('depot');
    const client = await depot.client();
    const retire = (more: object) =>
      client.retireParticipant(depot.retirement(depot.version, [{ ...depot.remains()[0], ...more }]));
    for (const more of [
      { what: 'HANDED_OVER', count: 3, to: 'nobody.knows' },
      { what: 'HANDED_OVER', count: 3, to: 'depot.member' },
      { what: 'KEPT', count: 3 },
      { count: 3 },
      { store: 'depot.other' },
      { what: 'HANDED_OVER', count: 3, to: 'studio.member' },
    ])
      await expect(retire(more)).rejects.toMatchObject({ reason: 'RETIREMENT_WITHOUT_RECEIPT' });
    await retire({ what: 'HANDED_OVER', count: 3, to: 'contacts.person' });
    const [leaf] = (await leavesAbout('depot')).filter(({ type }) => type === 'participant_retired');
    expect(leaf).toMatchObject({ remains: [{ what: 'HANDED_OVER', to: 'contacts.person', count: 3 }] });
  });

  it('6.5 that is gone without a word is taken out by the operator, who says why: nobody says what became of its data', async () => {
    const lost = await joined('lost');
    const { requestId } = await town.request({ subjectId: await town.person() });
    const ask = { name: 'lost', reason: 'company_gone' };
    await expect(operator.retireLostParticipant({ ...ask, name: 'nobody' })).rejects.toMatchObject({
      reason: 'PARTICIPANT_UNKNOWN',
    });
    const { participant } = await operator.retireLostParticipant(ask);
    expect(participant).toMatchObject({ withoutReceipt: 'company_gone', remains: [] });
    expect(participant!.retiredAt).not.toBe('');
    await operator.retireLostParticipant({ ...ask, reason: 'another' });
    const [leaf, ...more] = (await leavesAbout('lost')).filter(({ type }) => type === 'participant_retired');
    expect(leaf).toMatchObject({ without_receipt: 'company_gone', manifest: lost.version });
    expect(more).toEqual([]);
    // What began before still waits for it, until a person closes it.
    expect((await town.read(requestId)).state).not.toBe(privacyV1.RequestState.REQUEST_STATE_COMPLETED);
    const later = await town.request({ subjectId: await town.person() });
    expect(later.stores.some(({ service }) => service === 'lost')).toBe(false);
  });

  it('breaks no promise, as SQL sees it', async () => {
    expect(await brokenPromisesOf(['I6'], town.cluster.database('privacy'))).toEqual([]);
  });
});
