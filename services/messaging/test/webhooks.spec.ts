import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, DeliveryReported, messagingV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type MemberClient } from '@heed/rpc';
import { PermitOffice } from '@heed/testing';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { readSecret, signatureOf } from '../src/providers/standard-webhook.js';
import { addressesIn, inboundEnv } from './answering.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';

const { ConsentSource } = contactsV1;
const { Channel } = typesV1;

describe('webhooks of a mail provider', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  let member: MemberClient;
  let privacy: StandInPrivacy;
  let connection: { path: string; id: string; secret: string };

  beforeAll(async () => {
    await service.start({ clock, env: inboundEnv });
    privacy = await StandInPrivacy.join(service.cluster, 'messaging', {
      registrationSecret: 'registration secret of a spec',
      clock,
    });
    member = await service.cluster.asMember('messaging', { tenantId: service.tenantId });
    connection = await connect();
  }, 60_000);
  afterAll(() => service.stop());
  afterEach(() => {
    service.outside.consentIsAway = false;
  });

  const connections = (as = member) => as.of(messagingV1.ProviderConnectionsServiceService);
  async function connect(as = member) {
    const { providerConnection, secret } = await connections(as).createProviderConnection({
      ...{ requestId: newId(), name: 'relay' },
    });
    return { path: providerConnection!.path, id: providerConnection!.providerConnectionId, secret };
  }

  interface Sending {
    path?: string;
    secret?: string;
    id?: string;
    at?: Date;
    body?: string;
  }
  /** Says something as the provider does; answers the status. */
  async function say(type: string, data: object, sending: Sending = {}): Promise<number> {
    const { path = connection.path, secret = connection.secret, id = newId(), at = clock.now() } = sending;
    const body = sending.body ?? JSON.stringify({ type, timestamp: at.toISOString(), data });
    const timestamp = String(Math.floor(at.getTime() / 1_000));
    const signature = signatureOf({ id, timestamp }, Buffer.from(body), readSecret(secret));
    const response = await fetch(`${service.cluster.service('messaging').httpUrl}${path}`, {
      method: 'POST',
      body,
      headers: {
        ...{ 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': timestamp },
        'webhook-signature': `v1,${signature.toString('base64')}`,
      },
    });
    await response.arrayBuffer();
    return response.status;
  }

  async function sendTo(contactId: string) {
    const end = service.nextEnd();
    await service.dispatch([contactId]);
    await end;
    const kept = service.peer.kept.findLast(({ to }) => to[0] === PermitOffice.addressOf(contactId))!;
    return { messageId: /^Message-ID: (\S+)/im.exec(kept.raw)![1]!, ...addressesIn(kept) };
  }
  const rows = async <R extends object>(sql: string, params: unknown[] = []): Promise<R[]> =>
    (await service.database.pool('probe').query<R>(sql, params)).rows;
  const mailsOf = (contactId: string) =>
    rows<{ kind: string; raw: Buffer | null; handled_at: Date | null }>(
      'select kind, raw, handled_at from inbound_mail where contact_id = $1 order by mail_id',
      [contactId],
    );
  const until = async (so: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await so())) await clock.wait(10);
  };
  const handled = (contactId: string) =>
    until(async () => (await mailsOf(contactId)).every(({ handled_at }) => handled_at !== null));
  const heardOf = (contactId: string) =>
    service.outside.optOuts.filter((heard) => heard.contactId === contactId);
  const reportsOf = async (contactId: string) =>
    (await service.cluster.published(DeliveryReported)).filter((report) => report.contactId === contactId);

  it('say what became of a message: it is told as a bounce that came by mail is', async () => {
    const contactId = newId();
    const { messageId, bounce } = await sendTo(contactId);
    expect(await say('mail.delivered', { message_id: messageId })).toBe(204);
    expect(await say('mail.bounced', { return_path: bounce, bounce: 'hard', status: '5.1.1' })).toBe(204);
    await until(async () => (await reportsOf(contactId)).length === 2);
    expect((await reportsOf(contactId)).map(({ delivery, code }) => [delivery, code])).toEqual([
      [messagingV1.Delivery.DELIVERY_DELIVERED, ''],
      [messagingV1.Delivery.DELIVERY_HARD_BOUNCE, '5_1_1'],
    ]);
    await handled(contactId);
    expect((await mailsOf(contactId)).map(({ raw }) => raw)).toEqual([null, null]);
  });

  it.each([
    ['mail.complained', ConsentSource.CONSENT_SOURCE_COMPLAINT],
    ['mail.unsubscribed', ConsentSource.CONSENT_SOURCE_API],
  ])(
    '2.11 10.4 %s is an opt-out, heard while contacts is away, and once however often it is said',
    async (type, source) => {
      const contactId = newId();
      const { messageId } = await sendTo(contactId);
      service.outside.consentIsAway = true;
      const id = newId();
      const data = { message_id: messageId, recipient: 'jane@people.test' };
      expect(await Promise.all([1, 2, 3].map(() => say(type, data, { id })))).toEqual([204, 204, 204]);
      const [kept, ...more] = await mailsOf(contactId);
      expect(more).toEqual([]);
      expect(kept!.raw!.toString('latin1')).not.toContain('people.test');
      // contacts would permit it.
      const end = service.nextEnd();
      await service.dispatch([contactId]);
      await end;
      expect((await service.attempts()).findLast((one) => one.contactId === contactId)).toMatchObject({
        ...{ outcome: 'skipped', reason: 'opted_out' },
      });
      service.outside.consentIsAway = false;
      await handled(contactId);
      expect(await say(type, data, { id })).toBe(204);
      await handled(contactId);
      expect(heardOf(contactId)).toMatchObject([
        { channel: Channel.CHANNEL_EMAIL, purpose: '', source, heardFrom: { address: '' } },
      ]);
      expect(heardOf(contactId)[0]!.heardFrom!.endpointId).not.toBe('');
    },
  );

  it('5.9 are recorded before their person is erased; what is said later binds the address alone', async () => {
    const contactId = newId();
    const { messageId } = await sendTo(contactId);
    service.outside.consentIsAway = true;
    expect(await say('mail.complained', { message_id: messageId })).toBe(204);
    const receipt = privacy.erase(service.tenantId, 'contact', contactId);
    service.outside.consentIsAway = false;
    const left = () =>
      rows(
        'select 1 from attempt where contact_id = $1 union all select 1 from inbound_mail where contact_id = $1',
        [contactId],
      );
    await until(async () => (await left()).length === 0);
    // As long as memories may hold keys.
    clock.skip(61_000);
    await receipt;
    expect(heardOf(contactId)).toHaveLength(1);
    const recipient = `${newId()}@people.test`;
    expect(await say('mail.bounced', { message_id: messageId, recipient, bounce: 'hard' })).toBe(204);
    expect(await say('mail.complained', { message_id: messageId, recipient })).toBe(204);
    const ofAddress = () =>
      service.outside.optOuts.filter(({ heardFrom }) => heardFrom?.address === recipient);
    await until(() => ofAddress().length > 0);
    expect(ofAddress()).toMatchObject([
      { contactId: '', source: ConsentSource.CONSENT_SOURCE_COMPLAINT, heardFrom: { endpointId: '' } },
    ]);
    expect(await reportsOf(contactId)).toMatchObject([
      { delivery: messagingV1.Delivery.DELIVERY_COMPLAINED },
    ]);
  });

  it('are believed by their signature alone: what is wrong with one is answered alike', async () => {
    const contactId = newId();
    const { messageId } = await sendTo(contactId);
    const data = { message_id: messageId };
    const other = newId();
    const stranger = await service.cluster.asMember('messaging', { tenantId: other });
    const theirs = await connect(stranger);
    const [late, early] = [-301_000, 360_000].map((ms) => new Date(clock.now().getTime() + ms));
    const wrong: Sending[] = [
      { secret: theirs.secret },
      { path: theirs.path },
      { path: connection.path.replace(service.tenantId, other) },
      { path: connection.path.replace(connection.id, newId()) },
      { path: '/webhooks/mail/nobody/nothing' },
      { at: late! },
      { at: early! },
    ];
    for (const sending of wrong) expect(await say('mail.complained', data, sending)).toBe(401);
    expect(await say('mail.complained', data, { body: 'x'.repeat(70_000) })).toBe(413);
    expect(await say('mail.complained', data, { body: '{"type":"mail.complained"}' })).toBe(400);
    // Another tenant's provider speaks of nobody here.
    expect(await say('mail.complained', data, { path: theirs.path, secret: theirs.secret })).toBe(204);
    expect(await mailsOf(contactId)).toEqual([]);
    expect(heardOf(contactId)).toEqual([]);
  });

  it('are signed with the new secret or the one before it for a day, and with none once the connection is deleted', async () => {
    const first = await connect();
    const { secret } = await connections().rotateProviderSecret({
      ...{ requestId: newId(), providerConnectionId: first.id },
    });
    expect(secret).not.toBe(first.secret);
    const said = (key: string) => say('mail.opened', {}, { path: first.path, secret: key });
    expect([await said(secret), await said(first.secret)]).toEqual([204, 204]);
    clock.skip(24 * 3_600_000 + 1_000);
    expect([await said(secret), await said(first.secret)]).toEqual([204, 401]);
    const fresh = await service.cluster.asMember('messaging', { tenantId: service.tenantId });
    await connections(fresh).deleteProviderConnection({
      ...{ requestId: newId(), providerConnectionId: first.id },
    });
    expect(await said(secret)).toBe(401);
    const told = () => service.outside.audited.filter(({ subjectId }) => subjectId === first.id);
    await until(() => told().length === 3);
    expect(told().map(({ action }) => /\w+$/.exec(action)![0])).toEqual(
      expect.arrayContaining([
        'CreateProviderConnection',
        'RotateProviderSecret',
        'DeleteProviderConnection',
      ]),
    );
    const { providerConnections } = await connections(fresh).listProviderConnections({});
    expect(providerConnections.map(({ providerConnectionId }) => providerConnectionId)).toEqual([
      connection.id,
    ]);
    expect(JSON.stringify(providerConnections)).not.toContain('whsec');
  });
});
