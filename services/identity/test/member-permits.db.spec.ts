import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1, type identityV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addressCommitment, decodeLeaf, PermitDesk } from '@heed/permits';
import { lockSubjectsForErasure, raiseFence } from '@heed/postgres';
import { HERE, IdentityFixture, PASSWORD, reasonOf, ACCOUNT_URL } from './identity-fixture.js';

const { DenialReason: Reason } = contactsV1;

describe('permits for members', () => {
  let identity: IdentityFixture;
  let acme: Awaited<ReturnType<IdentityFixture['tenant']>>;

  beforeAll(async () => {
    identity = await IdentityFixture.create();
    acme = await identity.tenant();
  });
  afterAll(() => identity.database.drop());

  const inviting = async (email: string): Promise<identityV1.MemberMessageRequested> => {
    const { member } = await identity.inviteMember.invite(identity.member(acme.tenantId, acme.ownerId), {
      ...{ requestId: newId(), email, name: 'Cem', roles: ['agent'] },
    });
    const [message] = await identity.messagesFor(member?.memberId ?? '');
    return message!;
  };
  const answerTo = async (ask: contactsV1.PermitAsk, tenantId = acme.tenantId) => {
    const { answers } = await identity.issue(tenantId, ask);
    const { answer } = answers[0]!;
    return answer?.$case === 'permit' ? answer.value : (answer?.value as contactsV1.Denial).reason;
  };
  const permitFor = async (message: identityV1.MemberMessageRequested) => {
    const answer = await answerTo(identity.ask(message));
    if (typeof answer === 'number') throw new Error(`denied: ${Reason[answer]}`);
    return answer;
  };
  /** The owner has set a password; answers the message that their reset asks for. */
  const asksForReset = async (email: string): Promise<void> => {
    const answered = identity.askForReset.ask(acme.slug, email, HERE);
    await identity.clock.advance(300);
    await answered;
  };

  it('1.3 tell address and link of who was invited, and are rows by then', async () => {
    const message = await inviting('new@example.org');
    expect(message.notice).toBe(typesV1.Notice.NOTICE_INVITATION);
    const permit = await permitFor(message);
    expect(permit).toMatchObject({ address: 'new@example.org', optOutUrl: '', lifetimeMs: 1_000 });
    const { name, tenant, link, token } = permit.fields;
    expect({ name, tenant, link }).toEqual({
      ...{ name: 'Cem', tenant: 'Acme', link: `${ACCOUNT_URL}/invitation#${token}` },
    });
    const rows = await identity.uow.run(acme.tenantId, (tx) =>
      tx.query<{ address_salt: Buffer }>('select * from permit where permit_id = $1', [permit.permitId]),
    );
    expect(rows).toMatchObject([
      { attempt_id: message.messageId, subject_id: message.memberId, issued_to: 'messaging' },
    ]);
    const leaf = decodeLeaf(permit.leaf)!;
    expect(leaf).toMatchObject({ issuer: 'identity', contactId: message.memberId, purpose: 'security' });
    expect(permit.leaf.toString()).not.toContain('new@example.org');
    expect(addressCommitment(rows[0]!.address_salt, 'new@example.org').equals(leaf.addressCommitment)).toBe(
      true,
    );
  });

  it('bring a token each, kept nowhere; the first that is used ends the others', async () => {
    const message = await inviting('twice@example.org');
    const [one, other] = [await permitFor(message), await permitFor(message)];
    expect(one.fields['token']).not.toBe(other.fields['token']);
    expect(await reasonOf(identity.accept.accept(one.fields['token']!, PASSWORD))).toBe('accepted');
    expect(await reasonOf(identity.accept.accept(other.fields['token']!, PASSWORD))).toBe('INVITATION_USED');
    expect(await answerTo(identity.ask(message))).toBe(Reason.DENIAL_REASON_NOT_ASKED);
    // Neither in the event nor in any row.
    const secret = one.fields['token']!.slice(4);
    const tables = await identity.uow.run(acme.tenantId, (tx) =>
      tx.query<{ text: string }>(
        `select row_to_json(t)::text as text from (select * from member_notice) t
         union all select row_to_json(t)::text from (select * from permit) t
         union all select row_to_json(t)::text from (select * from invitation) t`,
      ),
    );
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter(({ text }) => text.includes(secret))).toEqual([]);
    expect(JSON.stringify(message)).not.toContain(secret);
  });

  it('serve a nonce once', async () => {
    const ask = identity.ask(await inviting('once-more@example.org'));
    expect(typeof (await answerTo(ask))).toBe('object');
    expect(await answerTo(ask)).toBe(Reason.DENIAL_REASON_ALREADY_ISSUED);
  });

  it.each<[string, Partial<contactsV1.PermitAsk>, contactsV1.DenialReason]>([
    ['a message that identity did not ask for', { attemptId: newId() }, Reason.DENIAL_REASON_NOT_ASKED],
    ['another purpose', { purpose: 'news' }, Reason.DENIAL_REASON_NOT_ASKED],
    ['somebody whom nobody knows', { contactId: newId() }, Reason.DENIAL_REASON_UNKNOWN_CONTACT],
    ['a call', { channel: typesV1.Channel.CHANNEL_VOICE }, Reason.DENIAL_REASON_NO_ENDPOINT],
  ])('1.3 are denied for %s', async (_, change, reason) => {
    const message = await inviting(`${newId()}@example.org`);
    expect(await answerTo(identity.ask(message, change))).toBe(reason);
  });

  it('1.3 are denied for another member’s message, and in another tenant', async () => {
    const [mine, theirs] = [await inviting('mine@example.org'), await inviting('theirs@example.org')];
    const crossed = identity.ask(mine, { contactId: theirs.memberId });
    expect(await answerTo(crossed)).toBe(Reason.DENIAL_REASON_NOT_ASKED);
    const other = await identity.tenant();
    expect(await answerTo(identity.ask(mine), other.tenantId)).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
  });

  it('are denied when their time is over, and to who was deactivated', async () => {
    const [late, closed] = [await inviting('late-too@example.org'), await inviting('closed@example.org')];
    await identity.uow.run(acme.tenantId, (tx) =>
      tx.execute(`update member set state = 'deactivated' where member_id = $1`, [closed.memberId]),
    );
    expect(await answerTo(identity.ask(closed))).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
    await identity.clock.advance(25 * 3_600_000);
    expect(await answerTo(identity.ask(late))).toBe(Reason.DENIAL_REASON_NOT_ASKED);
  });

  it('refuse fields that no message to a member has, and a nonce of another length', async () => {
    const message = await inviting('fields@example.org');
    for (const change of [{ templateFields: ['password_hash'] }, { nonce: Buffer.alloc(8) }]) {
      expect(await reasonOf(identity.issue(acme.tenantId, identity.ask(message, change)))).toBe(
        'INVALID_ARGUMENT',
      );
    }
  });

  it('1.3 an erased member gets none, and no row about them comes back', async () => {
    const message = await inviting('leaving@example.org');
    await permitFor(message);
    await identity.uow.run(
      acme.tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, [message.memberId], 'member');
        for (const table of ['permit', 'member_notice', 'invitation', 'member']) {
          const column = table === 'permit' ? 'subject_id' : 'member_id';
          await tx.execute(`delete from ${table} where ${column} = $1`, [message.memberId]);
        }
        await raiseFence(tx, [message.memberId]);
      },
      { role: 'eraser' },
    );
    expect(await answerTo(identity.ask(message))).toBe(Reason.DENIAL_REASON_UNKNOWN_CONTACT);
  });

  it('1.3 are taken by a desk of identity, and by no other: neither key nor issuer of another counts', async () => {
    const message = await inviting('desk@example.org');
    const desk = (issuer: 'contacts' | 'identity', keyOf: 'identity' | 'nobody') =>
      new PermitDesk({
        issuer,
        client: {
          batchIssuePermits: ({ asks }, { tenantId }) => identity.issue(tenantId, ...asks),
          returnPermits: async () => ({ returned: 0 }),
        },
        publicKeyOf: async (keyId) =>
          keyOf === 'identity' && keyId === identity.key.keyId ? identity.key.publicKey : undefined,
        signals: { subscribe: () => () => undefined },
        clock: identity.clock,
      });
    const asked = {
      ...{ attemptId: message.messageId, contactId: message.memberId, purpose: 'security' },
      ...{ channel: typesV1.Channel.CHANNEL_EMAIL, fields: ['link'] },
    };
    const [permit] = await desk('identity', 'identity').obtain(acme.tenantId, [asked]);
    expect(permit).toMatchObject({
      kind: 'permit',
      address: 'desk@example.org',
      proof: { issuer: 'identity' },
    });
    expect(await reasonOf(desk('contacts', 'identity').obtain(acme.tenantId, [asked]))).toBe(
      'PERMIT_UNVERIFIED',
    );
    expect(await reasonOf(desk('identity', 'nobody').obtain(acme.tenantId, [asked]))).toBe(
      'PERMIT_UNVERIFIED',
    );
  });

  describe('a link that sets another password', () => {
    it('is mailed to who has an account, no more than every five minutes', async () => {
      await asksForReset(acme.email);
      await asksForReset(acme.email.toUpperCase());
      const resets = (await identity.messagesFor(acme.ownerId)).filter(
        ({ notice }) => notice === typesV1.Notice.NOTICE_PASSWORD_RESET,
      );
      expect(resets).toHaveLength(1);
      const permit = await permitFor(resets[0]!);
      expect(permit.fields['link']).toBe(`${ACCOUNT_URL}/password#${permit.fields['token']}`);
    });

    it('sets it once, and ends every session', async () => {
      const tenant = await identity.tenant();
      const { refresh_token } = await identity.signIn.signIn(tenant.slug, tenant.email, PASSWORD, HERE);
      const answered = identity.askForReset.ask(tenant.slug, tenant.email, HERE);
      await identity.clock.advance(300);
      await answered;
      const message = (await identity.messagesFor(tenant.ownerId)).at(-1)!;
      const { answers } = await identity.issue(tenant.tenantId, identity.ask(message));
      const { token } = (answers[0]!.answer!.value as contactsV1.Permit).fields;
      expect(await reasonOf(identity.resetPassword.reset(token!, 'short'))).toBe('INVALID_ARGUMENT');
      const outcomes = await Promise.all(
        ['first-password-1', 'other-password-2'].map((password) =>
          reasonOf(identity.resetPassword.reset(token!, password)),
        ),
      );
      expect(outcomes.sort()).toEqual(['RESET_USED', 'accepted']);
      expect(await reasonOf(identity.refresh.refresh(refresh_token))).toBe('REFRESH_TOKEN_INVALID');
      expect(await reasonOf(identity.signIn.signIn(tenant.slug, tenant.email, PASSWORD, HERE))).toBe(
        'SIGN_IN_REFUSED',
      );
      expect(await reasonOf(identity.resetPassword.reset(`${token}x`, PASSWORD))).toBe('RESET_INVALID');
    });

    it('is answered for alike, and at the same moment, whether there is such an account or not', async () => {
      for (const [slug, email] of [
        [acme.slug, acme.email],
        [acme.slug, 'nobody@example.org'],
        ['no-such-tenant', acme.email],
      ]) {
        let isAnswered = false;
        const answered = identity.askForReset.ask(slug!, email!, '192.0.2.9').then(() => (isAnswered = true));
        await identity.clock.advance(299);
        expect(isAnswered).toBe(false);
        await identity.clock.advance(1);
        await answered;
      }
    });

    it('is not asked for without end from one place', async () => {
      const asks = Array.from({ length: 51 }, () =>
        reasonOf(identity.askForReset.ask('x', 'y@example.org', '192.0.2.77')),
      );
      await identity.clock.advance(300);
      expect((await Promise.all(asks)).filter((reason) => reason === 'RESET_SOURCE_WAITS')).toHaveLength(1);
    });
  });
});
