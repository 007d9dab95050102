import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identityV1, MemberMessageRequested, typesV1 } from '@heed/contracts';
import { identity } from '@heed/identity-service';
import { Outbox } from '@heed/events';
import { newId, systemClock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { memberClient, type MemberClient } from '@heed/rpc';
import { brokenPromises, PermitOffice } from '@heed/testing';
import PostalMime from 'postal-mime';
import { noticeTemplateId } from '../src/notices/notice-texts.js';
import { MessagingService } from './messaging-service.js';

const ACCOUNT_URL = 'https://acme.example/account';
const PASSWORD = 'orchid-lantern-47';
const OPERATOR = { email: 'operator@heed.example', password: 'sturdy-bridge-12' };

/** What Heed itself writes to members, with identity as it is. */
describe('mails to members', () => {
  const service = new MessagingService();
  const clients: MemberClient[] = [];
  let operator: MemberClient;

  beforeAll(async () => {
    await service.start({ env: { HEED_ACCOUNT_URL: ACCOUNT_URL, HEED_NOTICE_FROM: 'heed@acme.example' } }, [
      identity,
    ]);
    await over()
      .of(identityV1.OperatorsServiceService)
      .bootstrapOperator({ ...OPERATOR, bootstrapSecret: 'bootstrap secret of a spec' });
    const { access_token } = await http('/v1/sessions', { tenant: '', ...OPERATOR });
    operator = over(access_token);
  });
  afterAll(async () => {
    clients.forEach((client) => client.close());
    await service.stop();
  });

  function over(token?: string): MemberClient {
    const target = service.cluster.service('identity').grpcTarget;
    const client = memberClient({ target, token, clock: systemClock });
    clients.push(client);
    return client;
  }
  async function http(path: string, body: object): Promise<Record<string, string>> {
    const response = await fetch(`${service.cluster.service('identity').httpUrl}${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    });
    const text = await response.text();
    return { status: String(response.status), ...(text && (JSON.parse(text) as Record<string, string>)) };
  }
  /** The owner of a new tenant, who is written to. */
  async function founded(): Promise<{ slug: string; tenantId: string; email: string; ownerId: string }> {
    const slug = `acme-${newId().slice(-12)}`;
    const email = `owner@${slug}.example`;
    const { tenant, ownerId } = await operator.of(identityV1.TenantsServiceService).createTenant({
      ...{ requestId: newId(), slug, name: 'Acme & Sons', ownerEmail: email, ownerName: 'Ada' },
    });
    return { slug, tenantId: tenant!.tenantId, email, ownerId };
  }
  async function mailTo(
    email: string,
    count = 1,
  ): Promise<{ subject?: string; text?: string; html?: string; raw: string }> {
    const mails = () => service.peer.kept.filter(({ to }) => to.includes(email));
    while (mails().length < count) await systemClock.wait(20);
    const { raw } = mails()[count - 1]!;
    return { ...(await PostalMime.parse(raw)), raw };
  }
  const tokenIn = (text: string | undefined) => /#(hd[ip]_[\w-]+)/.exec(text ?? '')![1]!;
  async function attempts(tenantId: string) {
    const { rows } = await service.database
      .pool('probe')
      .query<Record<string, unknown>>('select * from attempt where tenant_id = $1 order by row_id', [
        tenantId,
      ]);
    return rows;
  }

  it('1.3 invite under a permit of identity, whose proof verifies; with the link comes an account', async () => {
    const { slug, tenantId, email, ownerId } = await founded();
    const mail = await mailTo(email);
    expect(mail.subject).toBe('Your invitation to Acme & Sons');
    expect(mail.html).toContain('Acme &amp; Sons');
    const token = tokenIn(mail.text);
    expect(mail.text).toContain(`${ACCOUNT_URL}/invitation#${token}`);
    expect(mail.raw).not.toMatch(/list-unsubscribe/i);
    expect(
      await http('/v1/invitations/accept', { invitation_token: token, password: PASSWORD }),
    ).toMatchObject({
      status: '204',
    });
    expect((await http('/v1/sessions', { tenant: slug, email, password: PASSWORD })).status).toBe('201');
    const [attempt] = await attempts(tenantId);
    expect(attempt).toMatchObject({ issuer: 'identity', contact_id: ownerId, purpose: 'security' });
    expect(
      await brokenPromises(service.cluster.database('messaging'), service.cluster.database('identity')),
    ).toEqual([]);
  });

  it('set another password, and keep neither token nor address anywhere', async () => {
    const { slug, tenantId, email } = await founded();
    const invitation = tokenIn((await mailTo(email)).text);
    await http('/v1/invitations/accept', { invitation_token: invitation, password: PASSWORD });
    expect((await http('/v1/password-resets', { tenant: slug, email })).status).toBe('202');
    const mail = await mailTo(email, 2);
    const token = tokenIn(mail.text);
    expect(mail.text).toContain(`${ACCOUNT_URL}/password#${token}`);
    const password = 'another-lantern-48';
    expect((await http('/v1/password-resets/accept', { reset_token: token, password })).status).toBe('204');
    expect((await http('/v1/sessions', { tenant: slug, email, password })).status).toBe('201');
    for (const name of ['messaging', 'identity'] as const) {
      const held = await everythingIn(name, tenantId);
      expect([name, held.includes(token.slice(4)), held.includes(invitation.slice(4))]).toEqual([
        name,
        false,
        false,
      ]);
      if (name === 'messaging') expect(held).not.toContain(email);
    }
  });

  it('1.3 do not leave for a message that identity did not ask for, and not on a permit of contacts', async () => {
    const { tenantId, ownerId, email } = await founded();
    await mailTo(email);
    const messageId = newId();
    await publishAsIdentity(tenantId, { messageId, memberId: ownerId });
    const ended = async () => (await attempts(tenantId)).find(({ attempt_id: id }) => id === messageId);
    while ((await ended())?.['state'] !== 'concluded') await systemClock.wait(20);
    expect(await ended()).toMatchObject({ outcome: 'skipped', reason: 'not_asked', permit_id: null });
    // contacts, who would have said yes, was not asked.
    expect(service.outside.office.batches.flat().filter(({ contactId }) => contactId === ownerId)).toEqual(
      [],
    );
    expect(service.peer.recipients).not.toContain(PermitOffice.addressOf(ownerId));
    expect(service.peer.recipients.filter((to) => to === email)).toHaveLength(1);
  });

  it('1.3 are not written for a contact: a text of theirs is none of a campaign’s', async () => {
    const contactId = newId();
    const before = service.peer.recipients.length;
    await service.dispatch([contactId], {
      templateId: noticeTemplateId(typesV1.Notice.NOTICE_PASSWORD_RESET),
    });
    const attempt = async () => (await service.attempts()).find((one) => one.contactId === contactId);
    while ((await attempt())?.state !== 'concluded') await systemClock.wait(20);
    expect(await attempt()).toMatchObject({ outcome: 'failed', reason: 'template_not_found' });
    expect(service.peer.recipients).toHaveLength(before);
  });

  /** Every row of a tenant, as text. */
  async function everythingIn(name: 'messaging' | 'identity', tenantId: string): Promise<string> {
    const database = service.cluster.database(name).open();
    const pool = database.pool('probe');
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.columns
       where column_name = 'tenant_id' and table_schema in ('public', 'heed') and data_type = 'uuid'`,
    );
    const texts: string[] = [];
    for (const { name: table } of tables) {
      const { rows } = await pool.query<{ text: string }>(
        `select t::text as text from ${table} t where tenant_id = $1`,
        [tenantId],
      );
      texts.push(...rows.map(({ text }) => text));
    }
    await database.close();
    return texts.join('\n');
  }

  async function publishAsIdentity(
    tenantId: string,
    message: { messageId: string; memberId: string },
  ): Promise<void> {
    const running = service.cluster.service('identity');
    await running.get(UnitOfWork).run(tenantId, (tx) =>
      running.get(Outbox).add(tx, MemberMessageRequested, {
        ...{
          ...message,
          notice: typesV1.Notice.NOTICE_PASSWORD_RESET,
          requestedAt: new Date().toISOString(),
        },
      }),
    );
  }
});
