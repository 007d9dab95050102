import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refresh, signIn } from '@heed/client';
import { campaignsV1, privacyV1, SERVICES, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { gate } from '@heed/testing';
import { PURPOSE, template } from '../tenants/letters.js';
import { PASSWORD, type Tenant } from '../world/six-services.js';
import { ended, importPeople, optOut, startLetters } from './letters-to-people.js';
import { ask, certified, erase, originOf, placeHold } from './requests-of-people.js';
import { RestoredSix } from './restored-six.js';

/** Several services start within them, on a machine that others keep busy. */
const PATIENCE_MS = 300_000;
const six = new RestoredSix();
let tenant: Tenant;
let templateId: string;

beforeAll(async () => {
  await six.start();
  tenant = await six.found('acme');
  templateId = await template(tenant.client, campaignsV1.TemplateKind.TEMPLATE_KIND_MARKETING);
});
afterAll(() => six.stop());

/** Every session has ended with a restore of identity. */
async function signInAnew(): Promise<void> {
  const { slug, email } = tenant;
  const { accessToken } = await signIn(six.endpoints, { tenant: slug, email, password: PASSWORD });
  tenant = { ...tenant, client: six.client(accessToken) };
  six.operator = await six.signInOperator();
}

/** How often each of them was written to. */
function lettersTo(name: string): Map<string, number> {
  const mine = six.mail.kept.flatMap(({ to }) => to).filter((to) => to.startsWith(`${name}-`));
  return new Map([...Map.groupBy(mine, (to) => to)].map(([to, those]) => [to, those.length]));
}

describe('one service put back from a backup that was taken while it served', () => {
  it('2.1 contacts: fifty who said no since are not written to, and everybody else is', async () => {
    const people = await importPeople(tenant, 'fifty', 60);
    const backup = await six.backUp();
    const refusing = [...people.idOf].slice(0, 50);
    for (const [, contactId] of refusing) await optOut(tenant, contactId);
    await six.copiedOffsite();

    await six.putBack(backup, 'contacts');
    await six.resync('contacts');
    const campaignId = await startLetters(tenant, people.listId, templateId);
    expect(await ended(tenant, campaignId)).toMatchObject({
      audience: 60n,
      sent: 10n,
      skipped: 50n,
      open: 0n,
    });
    const written = lettersTo('fifty');
    expect(refusing.filter(([address]) => written.has(address))).toEqual([]);
    expect([...written.values()]).toEqual(Array(10).fill(1));
    expect(await six.check()).toEqual([]);
  });

  it('7.1 messaging, in mid-campaign: nobody is written to twice, and who may have been is said to be unknown', async () => {
    const people = await importPeople(tenant, 'mid', 40);
    const door = gate();
    six.mail.onMessage = async ({ to }) => {
      if (lettersTo('mid').size >= 10 && to[0]?.startsWith('mid-')) await door();
      return null;
    };
    const campaignId = await startLetters(tenant, people.listId, templateId);
    await door.reached;
    const backup = await six.backUp();
    door.open();
    await ended(tenant, campaignId);
    expect(lettersTo('mid').size).toBe(40);

    await six.putBack(backup, 'messaging');
    await six.resync('messaging');
    const again = await ended(tenant, campaignId);
    expect(again).toMatchObject({ audience: 40n, open: 0n });
    expect([...lettersTo('mid').values()]).toEqual(Array(40).fill(1));
    expect(await six.check()).toEqual([]);
  });

  it('7.1 campaigns, in mid-campaign: intents that are made again are the same, and the ledger comes out even', async () => {
    const people = await importPeople(tenant, 'plan', 40);
    const door = gate();
    six.mail.onMessage = async ({ to }) => {
      if (lettersTo('plan').size >= 10 && to[0]?.startsWith('plan-')) await door();
      return null;
    };
    const campaignId = await startLetters(tenant, people.listId, templateId);
    await door.reached;
    const backup = await six.backUp();
    door.open();
    await ended(tenant, campaignId);

    await six.putBack(backup, 'campaigns');
    await six.resync('campaigns');
    expect(await ended(tenant, campaignId)).toMatchObject({ audience: 40n, sent: 40n, open: 0n });
    expect([...lettersTo('plan').values()]).toEqual(Array(40).fill(1));
    expect(await six.check()).toEqual([]);
  });

  it('7.1 telephony, while somebody is being called: nobody is called twice', async () => {
    const { contact } = await tenant.client.contacts.createContact({
      ...{ requestId: newId(), firstName: 'Cal', lastName: 'Called', country: 'US', listIds: [] },
      ...{ email: '', phone: '+14155550177' },
    });
    const { contactId } = contact!;
    await tenant.client.consent.recordConsent({
      ...{ requestId: newId(), contactId, channel: typesV1.Channel.CHANNEL_VOICE, purpose: PURPOSE },
      ...{ basis: 'consent', saidAt: '', evidence: 'said so', sender: '' },
    });
    six.phones.behave({ talk_ms: 1_000 });
    const answered = six.phones.next('answered');
    const { call } = await tenant.client.calls.placeCall({
      ...{ requestId: newId(), contactId, purpose: PURPOSE, record: false },
    });
    const { callId } = call!;
    await answered;
    const backup = await six.backUp();
    for await (const _ of tenant.client.calls.watchCall({ callId }, { timeoutMs: 100_000 }));
    const calls = () => new Set(six.phones.events.map((event) => event.call_id)).size;
    const before = calls();

    await six.putBack(backup, 'telephony');
    await six.resync('telephony');
    for await (const _ of tenant.client.calls.watchCall({ callId }, { timeoutMs: 100_000 }));
    expect(calls()).toBe(before);
    expect(await six.check()).toEqual([]);
  });

  it('5.10 identity: sessions and API keys have ended, also those that had been open, and members sign in anew', async () => {
    const { email, slug } = tenant;
    const { refreshToken } = await signIn(six.endpoints, { tenant: slug, email, password: PASSWORD });
    const backup = await six.backUp();
    await six.putBack(backup, 'identity');
    await six.resync('identity');
    await expect(refresh(six.endpoints, refreshToken)).rejects.toMatchObject({ reason: expect.any(String) });
    await signInAnew();
    await tenant.client.lists.createList({ requestId: newId(), name: 'Still here' });
    expect(await six.check()).toEqual([]);
  });
});

describe('privacy put back', () => {
  const { RequestState } = privacyV1;
  const stateOf = async (requestId: string) =>
    (await tenant.client.requests.getRequest({ requestId })).request!.state;

  it(
    '6.3 knows by the copy off site who asked, who took it back and who is held since, and begins its log anew',
    async () => {
      const people = [...(await importPeople(tenant, 'ask', 8)).idOf.values()];
      const [early, done, waiting, held, freed, takenBack, restricted, curious] = people;
      const before = await certified(tenant, await erase(tenant, early!));
      const hold = await placeHold(tenant, freed!);
      await placeHold(tenant, takenBack!);
      const asked = { freed: await erase(tenant, freed!), takenBack: await erase(tenant, takenBack!) };
      const backup = await six.backUp();

      const heldSince = await placeHold(tenant, held!);
      const since = {
        done: await erase(tenant, done!),
        held: await erase(tenant, held!),
        restricted: await ask(tenant, privacyV1.Right.RIGHT_RESTRICTION, restricted!),
        curious: await ask(tenant, privacyV1.Right.RIGHT_ACCESS, curious!),
      };
      const lost = await certified(tenant, since.done);
      for (const requestId of [since.restricted, since.curious]) await certified(tenant, requestId);
      await tenant.client.requests.cancelRequest({ requestId: asked.takenBack });
      await tenant.client.holds.releaseHold({ holdId: hold });
      await certified(tenant, asked.freed);
      await six.witnessed();
      // Its orders are out, and one service has not answered them.
      await six.cluster.service('telephony').kill();
      const open = await erase(tenant, waiting!);
      await six.answered(open, 4);
      await six.copiedOffsite();

      await six.putBack(backup, 'privacy');
      await six.cluster.restart('telephony');
      await six.resync('privacy');
      const { origin } = await six.operator.log.beginNewOrigin({ witnessesRestored: false });
      expect(origin).not.toBe('heed.local/log');
      expect(await stateOf(asked.takenBack)).toBe(RequestState.REQUEST_STATE_CANCELLED);
      expect(await stateOf(since.held)).toBe(RequestState.REQUEST_STATE_HELD);
      for (const requestId of [asked.freed, since.done, since.restricted, open])
        expect(originOf(await certified(tenant, requestId))).toBe(origin);
      for (const each of [before, lost]) expect(originOf(each)).toBe('heed.local/log');
      expect(await stateOf(since.curious)).toBe(RequestState.REQUEST_STATE_COMPLETED_WITH_EXCEPTIONS);
      await tenant.client.holds.releaseHold({ holdId: heldSince });
      await certified(tenant, since.held);
      expect(await six.check()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('all six put back from one backup', () => {
  it(
    '5.5 who said no or was erased since stays so, nothing leaves twice, and the log owns up to what it was',
    async () => {
      const people = await importPeople(tenant, 'all', 20);
      const [refusing, erased, ...others] = [...people.idOf];
      const before = await certified(tenant, await erase(tenant, others.pop()![1]));
      const backup = await six.backUp();
      await ended(tenant, await startLetters(tenant, people.listId, templateId));
      await optOut(tenant, refusing![1]);
      await certified(tenant, await erase(tenant, erased![1]));
      await six.copiedOffsite();

      await six.putBack(backup, ...SERVICES);
      await six.resync(...SERVICES);
      await signInAnew();
      await six.operator.log.beginNewOrigin({ witnessesRestored: true });
      const campaignId = await startLetters(tenant, people.listId, templateId);
      expect(await ended(tenant, campaignId)).toMatchObject({ sent: 17n, open: 0n });
      const letters = lettersTo('all');
      expect([letters.get(refusing![0]), letters.get(erased![0])]).toEqual([1, 1]);
      expect([...letters.values()].filter((each) => each === 2)).toHaveLength(17);
      expect(originOf(before)).toMatch(/^heed\.local\/log/);
      expect(await six.check()).toEqual([]);
    },
    PATIENCE_MS,
  );
});

const CONSENTS = 'heed.contacts.consent.v1';

/** Last: these topics are not mended. */
describe('a backup whose topics are not what they were', () => {
  it('9.1 is refused, and taken all the same its service stays shut and says why', async () => {
    // The embedded bus has no log beside the databases.
    if (!six.hasTopics) return;
    const people = [...(await importPeople(tenant, 'cut', 8)).idOf.values()];
    const place = await six.readBeyond('campaigns', CONSENTS);
    const backup = await six.backUp();
    await expect(six.demandLog(backup, 'campaigns')).resolves.toBeUndefined();
    const then = await six.readBeyond('campaigns', CONSENTS, place - 1);
    for (const contactId of people) await optOut(tenant, contactId);
    await six.readBeyond('campaigns', CONSENTS, then);
    await six.cutOff(CONSENTS);
    await expect(six.demandLog(backup, 'campaigns')).rejects.toThrow(
      /heed\.contacts\.consent\.v1\/\d+, which begins at \d+ now: what lay between is gone/,
    );

    await six.putBack(backup, 'campaigns');
    await six.askForResync('campaigns');
    expect(await six.standsStillFor('campaigns')).toBe('TOPIC_BEGINS_AFTER_CURSOR');
    await six.makeAnew(CONSENTS);
    await expect(six.demandLog(backup, 'campaigns')).rejects.toThrow(/it is another one, or was cut off/);
  });
});
