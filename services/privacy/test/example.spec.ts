import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { datarightsV1, privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { verifyCertificate } from '@heed/verifier';
import { Example } from './example.js';
import { operatorOf } from './participant.js';
import { Town } from './town.js';

const { RequestState, Right } = privacyV1;
const { PERSON_FIELD_EMAIL: EMAIL } = datarightsV1.PersonField;

describe('the service of examples/join', () => {
  const loyalty = new Example();
  let town: Town;
  let ordersKey: Buffer;
  beforeAll(async () => {
    town = await Town.open();
    const operator = await operatorOf(town);
    const enrolled = await operator.enrolParticipant({
      ...{ name: 'loyalty', publicKey: loyalty.publicKey, tenantIds: [] },
    });
    ordersKey = enrolled.ordersPublicKey;
  });
  afterAll(async () => {
    await loyalty.close();
    await town?.close();
  });

  const start = () => loyalty.start(town.cluster.service('privacy').grpcTarget, ordersKey);

  it('erases a person whom it knows by id and by address, and the certificate says so', async () => {
    const email = `${newId()}@example.org`;
    const contactId = await town.person({ email });
    loyalty.member(town.tenantId, contactId, 'other@example.org');
    loyalty.member(town.tenantId, '', email.toUpperCase());
    loyalty.member(newId(), contactId, email);
    loyalty.member(town.tenantId, newId(), 'somebody@example.org');
    start();
    await town.until(
      () => town.sql('privacy', `select 1 from manifest where service = 'loyalty'`),
      (rows) => rows.length > 0,
    );
    const { requestId } = await town.request({ email });
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.stores.find(({ service }) => service === 'loyalty')).toMatchObject({
      ...{ store: 'loyalty.member', outcome: 'ERASED', count: 2 },
      probe: { outcome: 'PROBED_CLEAN', self_attested: true },
    });
    expect(loyalty.count(town.tenantId, contactId, email)).toBe(0);
    expect(loyalty.count(town.tenantId, '', 'somebody@example.org')).toBe(1);
    expect(() => loyalty.member(town.tenantId, contactId, email)).toThrow('this person was erased');
    expect(loyalty.output).not.toContain('@');
  });

  it('keeps somebody as they are while they are restricted, and says so in the certificate', async () => {
    const contactId = await town.person();
    loyalty.member(town.tenantId, contactId, 'disputed@example.org');
    const restriction = await town.request({ subjectId: contactId, right: Right.RIGHT_RESTRICTION });
    expect((await town.watched(restriction.requestId)).at(-1)?.state).toBe(
      RequestState.REQUEST_STATE_COMPLETED,
    );
    const told = async (requestId: string) => {
      const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
      return claims.stores.find(({ service }) => service === 'loyalty');
    };
    expect(await told(restriction.requestId)).toMatchObject({ outcome: 'RESTRICTED', count: 1 });
    expect(() => loyalty.earn(town.tenantId, contactId)).toThrow('this person is restricted');
    const lift = await town.request({ subjectId: contactId, right: Right.RIGHT_LIFT, informed: 'letter' });
    await town.watched(lift.requestId);
    expect(await told(lift.requestId)).toMatchObject({ outcome: 'LIFTED', count: 1 });
    expect(loyalty.earn(town.tenantId, contactId)).toBe(1);
  });

  it('corrects an address that it has copied, for a restricted person too, and is searched for the old one', async () => {
    const former = `${newId()}@example.org`;
    const contactId = await town.person({ email: former });
    loyalty.member(town.tenantId, contactId, former.toUpperCase());
    loyalty.member(town.tenantId, '', former);
    loyalty.member(town.tenantId, newId(), former);
    const restriction = await town.request({ subjectId: contactId, right: Right.RIGHT_RESTRICTION });
    await town.watched(restriction.requestId);
    const value = `${newId()}@example.org`;
    const { requestId } = await town.request({
      ...{ subjectId: contactId, right: Right.RIGHT_CORRECTION, objects: false },
      corrections: [{ field: EMAIL, value, endpointId: '', previous: former }],
    });
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    const { claims } = verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(claims.stores.find(({ service }) => service === 'loyalty')).toMatchObject({
      ...{ store: 'loyalty.member', outcome: 'CORRECTED', count: 2 },
      probe: { outcome: 'PROBED_CLEAN', self_attested: true },
    });
    expect(claims.not_asked).toBeUndefined();
    // Somebody else's of the same address is theirs.
    expect([loyalty.count(town.tenantId, '', former), loyalty.count(town.tenantId, '', value)]).toEqual([
      1, 2,
    ]);
    expect(() => loyalty.earn(town.tenantId, contactId)).toThrow('this person is restricted');
    expect(loyalty.output).not.toContain('@');
  });

  it('6.4 keeps a request open while it is stopped, and lets it complete once it is back', async () => {
    await loyalty.stop();
    const contactId = await town.person();
    loyalty.member(town.tenantId, contactId, 'late@example.org');
    const { requestId } = await town.request({ subjectId: contactId });
    const waiting = await town.until(
      () => town.read(requestId),
      ({ stores }) =>
        stores
          .filter(({ outcome }) => outcome === 0)
          .every(({ service }) => ['loyalty', 'privacy'].includes(service)),
    );
    expect(waiting).toMatchObject({ state: RequestState.REQUEST_STATE_FANNED_OUT, closedAt: '' });
    const { participants } = await (await operatorOf(town)).listParticipants({ pageSize: 0, pageToken: '' });
    expect(participants).toMatchObject([{ name: 'loyalty', unanswered: 1n }]);
    expect(participants[0]!.silentSince).not.toBe('');
    expect(loyalty.count(town.tenantId, contactId, '')).toBe(1);

    start();
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    verifyCertificate(await town.certificate(requestId), await town.vkey());
    expect(loyalty.count(town.tenantId, contactId, '')).toBe(0);
  });

  it('6.8 goes on with another key, and says last where its members went', async () => {
    const privacy = town.cluster.service('privacy').grpcTarget;
    await loyalty.stop();
    const before = loyalty.publicKey;
    await loyalty.rotate(privacy);
    expect(loyalty.publicKey).not.toEqual(before);
    start();
    const { requestId } = await town.request({ subjectId: await town.person() });
    expect((await town.watched(requestId)).at(-1)?.state).toBe(RequestState.REQUEST_STATE_COMPLETED);
    verifyCertificate(await town.certificate(requestId), await town.vkey());

    await loyalty.stop();
    await expect(loyalty.retire(privacy, 'nobody.knows')).rejects.toThrow('RETIREMENT_WITHOUT_RECEIPT');
    expect(await loyalty.retire(privacy, 'contacts.person')).toContain('"unanswered":0');
    const { participants } = await (await operatorOf(town)).listParticipants({ pageSize: 0, pageToken: '' });
    expect(participants[0]!.remains).toMatchObject([
      { store: 'loyalty.member', what: 'HANDED_OVER', to: 'contacts.person' },
    ]);
  });
});
