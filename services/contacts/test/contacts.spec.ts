import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentChanged, contactsV1, SubjectErased, typesV1 } from '@heed/contracts';
import { DataRights } from '@heed/data-rights';
import { leafHash, newId } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { StandInPrivacy } from '@heed/testing/stand-in-privacy';
import { contacts } from '../src/service.js';

const CSV = [
  'email,phone,first_name,country,consent_purpose,consent_channel,consent_basis,consent_at,consent_source',
  'ana@example.org,07400 123456,Ana,GB,newsletter,email;voice,consent,2025-06-01,web form',
  'bo@example.org,,Bo,GB,newsletter,email,consent,2025-06-01,web form',
  'broken,,Chidi,GB,,,,,',
].join('\r\n');

describe('contacts as a service', () => {
  const tenantId = newId();
  let cluster: Cluster;
  let listId: string;
  let base: string;
  beforeAll(async () => {
    cluster = await startCluster([contacts]);
    base = cluster.service('contacts').httpUrl!;
    const lists = (await cluster.asMember('contacts', { tenantId })).of(contactsV1.ListsServiceService);
    const { list } = await lists.createList({ requestId: newId(), name: 'Everybody' });
    listId = list!.listId;
  });
  afterAll(() => cluster.stop());

  const as = async (roles: string[]) => {
    const client = await cluster.asMember('contacts', { tenantId, roles });
    return {
      contacts: client.of(contactsV1.ContactsServiceService),
      lists: client.of(contactsV1.ListsServiceService),
      imports: client.of(contactsV1.ImportsServiceService),
      consent: client.of(contactsV1.ConsentServiceService),
      permits: client.of(contactsV1.PermitsServiceService),
      forms: client.of(contactsV1.SignUpFormsServiceService),
    };
  };
  const upload = async (
    body: string | Buffer,
    { list = listId, roles = ['campaign_manager'], type = 'text/csv' } = {},
  ) => {
    const token = await cluster.memberToken({ tenantId, roles });
    return fetch(`${base}/v1/lists/${list}/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
    });
  };
  const ended = async (importId: string): Promise<contactsV1.Import> => {
    const { imports } = await as(['campaign_manager']);
    let last: contactsV1.Import | undefined;
    for await (const { import: found } of imports.watchImport({ importId })) last = found;
    return last!;
  };
  const idOf = async (address: string): Promise<string> => {
    const { contacts: found } = await (
      await as(['agent'])
    ).contacts.listContacts(contactsV1.ListContactsRequest.fromPartial({ address }));
    return found[0]?.contactId ?? '';
  };
  const ask = (contactId: string, channel = typesV1.Channel.CHANNEL_EMAIL): contactsV1.PermitAsk => ({
    ...{ attemptId: newId(), contactId, channel, purpose: 'newsletter', nonce: randomBytes(16) },
    templateFields: ['first_name'],
    ...{ tracking: false, sender: 'news@acme.example' },
  });
  const sender = () => cluster.asService('messaging').of(contactsV1.PermitsServiceService, 'contacts');
  const permitFor = async (contactId: string): Promise<contactsV1.Permit> => {
    const { answers } = await sender().batchIssuePermits(
      { asks: [ask(contactId)] },
      { tenantId, timeoutMs: 60_000 },
    );
    if (answers[0]?.answer?.$case !== 'permit') throw new Error(JSON.stringify(answers[0]));
    return answers[0].answer.value;
  };

  it('takes a file in, tells how far it is, and gives the refused rows back', async () => {
    const response = await upload(CSV);
    expect(response.status).toBe(202);
    const { importId } = (await response.json()) as { importId: string };
    expect(response.headers.get('location')).toBe(`/v1/imports/${importId}`);
    expect(await ended(importId)).toMatchObject({
      state: contactsV1.ImportState.IMPORT_STATE_COMPLETED,
      ...{
        rows: 3n,
        accepted: 2n,
        rejected: 1n,
        rejectedByReason: { EMAIL_INVALID: 1n },
        created: 2n,
        consents: 3n,
      },
    });
    const token = await cluster.memberToken({ tenantId, roles: ['campaign_manager'] });
    const rejected = await fetch(`${base}/v1/imports/${importId}/rejected.csv`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(rejected.headers.get('content-type')).toContain('text/csv');
    expect(await rejected.text()).toContain('4,EMAIL_INVALID,email,broken,,Chidi,GB,,,,,');
    const { lists } = await as(['campaign_manager']);
    expect((await lists.getList({ listId })).list).toMatchObject({ name: 'Everybody', size: 2n });
    expect((await cluster.published(ConsentChanged)).length).toBe(3);
  });

  it('shows addresses to who may see them, and records that', async () => {
    const contactId = await idOf('ana@example.org');
    const { contact } = await (await as(['agent'])).contacts.getContact({ contactId });
    expect(contact?.endpoints.map(({ address }) => address)).toEqual(['a***@e***.org', '+4474****3456']);
    await expect((await as(['agent'])).contacts.revealContact({ contactId })).rejects.toMatchObject({
      reason: 'PERMISSION_MISSING',
    });
    const seen = await (await as(['compliance_officer'])).contacts.revealContact({ contactId });
    expect(seen.contact?.endpoints.map(({ address }) => address)).toEqual([
      'ana@example.org',
      '+447400123456',
    ]);
    const pool = cluster.database('contacts').open().pool('probe');
    const { rows } = await pool.query('select action from access_entry where contact_id = $1', [contactId]);
    expect(rows).toEqual([{ action: '/heed.contacts.v1.ContactsService/RevealContact' }]);
  });

  it('issues permits to senders, in batches, and explains them to members', async () => {
    const [ana, bo] = [await idOf('ana@example.org'), await idOf('bo@example.org')];
    const asks = [ask(ana), ask(bo, typesV1.Channel.CHANNEL_VOICE), ask(newId())];
    const { answers, treeSize } = await sender().batchIssuePermits({ asks }, { tenantId, timeoutMs: 60_000 });
    expect(treeSize).toBe(1);
    expect(answers.map(({ answer }) => answer?.$case)).toEqual(['permit', 'denial', 'denial']);
    const { permits } = await as(['auditor']);
    const explain = {
      contactId: bo,
      channel: typesV1.Channel.CHANNEL_VOICE,
      purpose: 'newsletter',
      sender: '',
    };
    expect(await permits.explainPermit(explain)).toMatchObject({
      allowed: false,
      denial: { reason: contactsV1.DenialReason.DENIAL_REASON_NO_ENDPOINT, rule: 'endpoint' },
    });
    await expect(permits.batchIssuePermits({ asks })).rejects.toMatchObject({ reason: 'MEMBER_NOT_ALLOWED' });
  });

  it('answers one ask as a batch of one, to senders alone, and the same ask once', async () => {
    const one = ask(await idOf('ana@example.org'));
    const issue = (asked: contactsV1.PermitAsk) =>
      sender().issuePermit({ ask: asked }, { tenantId, timeoutMs: 60_000 });
    const permitted = await issue(one);
    if (permitted.answer?.answer?.$case !== 'permit') throw new Error(JSON.stringify(permitted.answer));
    const { leaf, leafIndex, path } = permitted.answer.answer.value;
    expect({ leafIndex, path }).toEqual({ leafIndex: 0, path: [] });
    expect(permitted.root).toEqual(leafHash(leaf));
    expect(permitted.signature).toHaveLength(64);
    const again = await issue(one);
    expect(again.answer?.answer).toMatchObject({
      ...{ $case: 'denial', value: { reason: contactsV1.DenialReason.DENIAL_REASON_ALREADY_ISSUED } },
    });
    expect(again.root).toHaveLength(0);
    const { permits } = await as(['auditor']);
    await expect(permits.issuePermit({ ask: one })).rejects.toMatchObject({ reason: 'MEMBER_NOT_ALLOWED' });
  });

  it('2.9 answers asks over a stream, one each in their order, and pushes nothing', async () => {
    const asks = [ask(await idOf('ana@example.org')), ask(newId()), ask(newId())];
    async function* asking(): AsyncIterable<contactsV1.StreamPermitsRequest> {
      for (const one of asks) yield { ask: one, usableMs: 1_000 };
    }
    const answers: contactsV1.StreamPermitsResponse[] = [];
    for await (const answer of sender().streamPermits(asking(), { tenantId })) answers.push(answer);
    expect(answers.map(({ answer }) => answer!.attemptId)).toEqual(asks.map(({ attemptId }) => attemptId));
    for (const { answer, root } of answers) {
      expect(root.length).toBe(answer?.answer?.$case === 'permit' ? 32 : 0);
    }
  });

  it('shows the page of a sign-up form, from which a browser may send it and say from where', async () => {
    const { forms } = await as(['campaign_manager']);
    const { signUpForm } = await forms.createSignUpForm(
      contactsV1.CreateSignUpFormRequest.fromPartial({
        ...{ requestId: newId(), name: 'Letters', listId, templateId: newId(), purposes: ['letters'] },
        wording: 'Send me letters.',
      }),
    );
    const page = await fetch(signUpForm!.url);
    expect(await page.text()).toContain('Send me letters.');
    // Under the policy of all other answers browsers would say `null`.
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    const email = `${newId()}@example.org`;
    const sent = await fetch(signUpForm!.url, {
      ...{ method: 'POST', body: new URLSearchParams({ email, wording_version: '1' }) },
      headers: { origin: new URL(signUpForm!.url).origin },
    });
    expect(sent.status).toBe(202);
  });

  it('10.2 opts out by the link of a message: a POST does, a GET and a HEAD change nothing', async () => {
    const contactId = await idOf('bo@example.org');
    const { optOutUrl } = await permitFor(contactId);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await fetch(optOutUrl, { method });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await page.text()).toMatch(method === 'HEAD' ? /^$/ : /<form method="post">/);
    }
    expect((await permitFor(contactId)).address).toBe('bo@example.org');
    const oneClick = () =>
      fetch(optOutUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
        redirect: 'error',
      });
    expect((await oneClick()).status).toBe(200);
    expect((await oneClick()).status).toBe(200);
    const { statuses } = await (await as(['agent'])).consent.getConsent({ contactId });
    expect(statuses.map(({ state }) => state)).toEqual([contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT]);
    const { entries } = await (
      await as(['agent'])
    ).consent.listConsentEntries(
      contactsV1.ListConsentEntriesRequest.fromPartial({ contactId, pageSize: 1 }),
    );
    expect(entries[0]).toMatchObject({
      source: contactsV1.ConsentSource.CONSENT_SOURCE_ONE_CLICK,
      recordedBy: '',
    });
    await expect(permitFor(contactId)).rejects.toThrow('denial');
  });

  it('serves members of a list to campaigns, in pages that can be gone on from', async () => {
    const campaigns = cluster.asService('campaigns').of(contactsV1.ListsServiceService, 'contacts');
    const read = async (afterContactId: string, limit = 0n): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { contactIds } of campaigns.streamMembers(
        { listId, afterContactId, limit },
        { tenantId },
      )) {
        ids.push(...contactIds);
      }
      return ids;
    };
    const all = await read('');
    expect(all).toEqual([await idOf('ana@example.org'), await idOf('bo@example.org')].sort());
    expect(await read(all[0]!)).toEqual(all.slice(1));
    expect(await read('', 1n)).toEqual(all.slice(0, 1));
  });

  it('2.12 finds whom a request is about, and silences them at once', async () => {
    const privacy = cluster.asService('privacy');
    const { contactIds } = await privacy
      .of(contactsV1.ContactsServiceService, 'contacts')
      .findSubjects({ emails: [' ANA@example.org'], phones: ['+44 7400 123456', 'x'] }, { tenantId });
    expect(contactIds).toEqual([await idOf('ana@example.org')]);
    const stop = {
      contactIds: [...contactIds, newId()],
      requestId: '',
      requestIds: [newId(), newId()],
      restricts: false,
    };
    const permits = privacy.of(contactsV1.PermitsServiceService, 'contacts');
    const stopped = await permits.stopPermits(stop, { tenantId });
    expect(stopped).toMatchObject({ known: 1 });
    // In the form by which they are found, however they are written to.
    expect(stopped.addresses.map(({ address }) => address)).toContain('ana@example.org');
    expect(await permits.stopPermits(stop, { tenantId })).toMatchObject({ known: 1 });
    await expect(permits.stopPermits({ ...stop, requestId: newId() }, { tenantId })).rejects.toMatchObject({
      violations: [{ field: 'request_ids', reason: 'ONE_OR_ONE_EACH' }],
    });
    await expect(permitFor(contactIds[0]!)).rejects.toThrow('denial');
    expect((await (await as(['agent'])).consent.getConsent({ contactId: contactIds[0]! })).stopped).toBe(
      true,
    );
  });

  it('8.1 knows nothing of another tenant', async () => {
    const contactId = await idOf('ana@example.org');
    const stranger = await cluster.asMember('contacts', { tenantId: newId() });
    const call = stranger.of(contactsV1.ContactsServiceService);
    await expect(call.getContact({ contactId })).rejects.toMatchObject({ reason: 'CONTACT_NOT_FOUND' });
    await expect(call.revealContact({ contactId })).rejects.toMatchObject({ reason: 'CONTACT_NOT_FOUND' });
    const lists = stranger.of(contactsV1.ListsServiceService);
    await expect(lists.getList({ listId })).rejects.toMatchObject({ reason: 'LIST_NOT_FOUND' });
    const consent = stranger.of(contactsV1.ConsentServiceService);
    await expect(consent.getConsent({ contactId })).rejects.toMatchObject({ reason: 'CONTACT_NOT_FOUND' });
  });

  describe('refuses', () => {
    const problem = async (response: Response): Promise<[number, string]> => {
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      return [response.status, ((await response.json()) as { reason: string }).reason];
    };

    /** Says how much will come, and sends nothing before the answer. */
    const announce = async (bytes: number): Promise<Response> => {
      const token = await cluster.memberToken({ tenantId });
      const uploading = httpRequest(`${base}/v1/lists/${listId}/imports`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'text/csv',
          'content-length': String(bytes),
        },
      });
      uploading.flushHeaders();
      const [answer] = (await once(uploading, 'response')) as [IncomingMessage];
      const headers = { 'content-type': answer.headers['content-type'] ?? '' };
      return new Response(await textOf(answer), { status: answer.statusCode, headers });
    };

    it.each<[string, number, () => Promise<Response>]>([
      ['CSV_BINARY', 400, () => upload(randomBytes(5_000))],
      ['CSV_NO_HEADER', 400, () => upload('ana@example.org,Ana\n')],
      ['CSV_WRONG_DELIMITER', 400, () => upload('email|phone\na@example.org|\n')],
      ['CSV_ROW_TOO_LONG', 400, () => upload(`email\n"${'x'.repeat(100_000)}`)],
      ['CSV_EMPTY', 400, () => upload('')],
      ['BODY_TOO_LARGE', 413, () => announce(2 ** 31)],
      ['MEDIA_TYPE_UNSUPPORTED', 415, () => upload('{}', { type: 'application/json' })],
      ['LIST_NOT_FOUND', 404, () => upload('email\n', { list: newId() })],
      ['INVALID_ARGUMENT', 400, () => upload('email\n', { list: 'x' })],
      ['PERMISSION_MISSING', 403, () => upload('email\n', { roles: ['agent'] })],
      [
        'TOKEN_MISSING',
        401,
        () => fetch(`${base}/v1/lists/${listId}/imports`, { method: 'POST', body: 'email\n' }),
      ],
      ['LINK_INVALID', 404, () => fetch(`${base}/u/${'x'.repeat(120)}`)],
      ['LINK_INVALID', 404, () => fetch(`${base}/u/${'A'.repeat(130)}`, { method: 'POST' })],
      ['BODY_TOO_LARGE', 413, () => fetch(`${base}/u/x`, { method: 'POST', body: 'x'.repeat(20_000) })],
    ])('%s with %i', async (reason, status, call) => {
      expect(await problem(await call())).toEqual([status, reason]);
    });

    it('an upload that breaks off, and imports nothing of it', async () => {
      const token = await cluster.memberToken({ tenantId });
      const uploading = httpRequest(`${base}/v1/lists/${listId}/imports`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'text/csv',
          'content-length': '1000000',
        },
      });
      uploading.on('error', () => undefined);
      uploading.write(`email\n${Array.from({ length: 2_000 }, (_, n) => `cut${n}@example.org\n`).join('')}`);
      const { imports } = await as(['owner']);
      const newest = async (): Promise<contactsV1.Import | undefined> =>
        (await imports.listImports(contactsV1.ListImportsRequest.fromPartial({ pageSize: 1 }))).imports[0];
      while ((await newest())?.state !== contactsV1.ImportState.IMPORT_STATE_RECEIVING);
      uploading.destroy();
      const { importId } = (await newest())!;
      expect(await ended(importId)).toMatchObject({
        state: contactsV1.ImportState.IMPORT_STATE_FAILED,
        failureReason: 'UPLOAD_BROKEN_OFF',
        created: 0n,
      });
      expect(await idOf('cut1@example.org')).toBe('');
    });

    it('asks that are none, each by its field', async () => {
      const issue = (wrong: Partial<contactsV1.PermitAsk>) =>
        sender().batchIssuePermits({ asks: [{ ...ask(newId()), ...wrong }] }, { tenantId });
      for (const [wrong, field] of [
        [{ nonce: randomBytes(8) }, 'asks[0].nonce'],
        [{ templateFields: ['password'] }, 'asks[0].template_fields'],
        [{ channel: 99 }, 'asks[0].channel'],
        [{ purpose: 'News Letter' }, 'asks[0].purpose'],
        [{ contactId: 'x' }, 'asks[0].contact_id'],
      ] as [Partial<contactsV1.PermitAsk>, string][]) {
        await expect(issue(wrong)).rejects.toMatchObject({
          reason: 'INVALID_ARGUMENT',
          violations: [expect.objectContaining({ field })],
        });
      }
      const tooMany = Array.from({ length: 501 }, () => ask(newId()));
      await expect(sender().batchIssuePermits({ asks: tooMany }, { tenantId })).rejects.toMatchObject({
        reason: 'INVALID_ARGUMENT',
      });
    });

    it('contacts that are none, doubled, or with addresses that are none', async () => {
      const { contacts: api } = await as(['campaign_manager']);
      const create = (more: Partial<contactsV1.CreateContactRequest>) =>
        api.createContact({
          ...{ requestId: newId(), firstName: 'Ada', lastName: '', country: 'GB', phone: '', listIds: [] },
          email: 'ada@example.org',
          ...more,
        });
      const requestId = newId();
      const first = await create({ requestId });
      expect((await create({ requestId })).contact).toEqual(first.contact);
      await expect(create({ requestId, firstName: 'Eve' })).rejects.toMatchObject({
        reason: 'REQUEST_ID_REUSED',
      });
      await expect(create({ email: 'ADA@example.org' })).rejects.toMatchObject({ reason: 'ENDPOINT_TAKEN' });
      await expect(create({ email: 'two@@example.org' })).rejects.toMatchObject({
        violations: [expect.objectContaining({ field: 'email', reason: 'NOT_AN_ADDRESS' })],
      });
      await expect(create({ email: '' })).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
      await expect(create({ email: 'x@example.org', listIds: [newId()] })).rejects.toMatchObject({
        reason: 'LIST_NOT_FOUND',
      });
      const page = contactsV1.ListContactsRequest.fromPartial({ pageToken: 'nonsense' });
      await expect(api.listContacts(page)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT' });
    });
  });

  describe('on signed orders of erasure', () => {
    let privacy: StandInPrivacy;
    beforeAll(async () => {
      privacy = await StandInPrivacy.join(cluster, 'contacts');
    });

    const person = async (email: string): Promise<string> => {
      const csv = `email,consent_purpose,consent_channel,consent_basis,consent_at\n${email},newsletter,email,consent,2025-06-01`;
      const { importId } = (await (await upload(csv)).json()) as { importId: string };
      expect(await ended(importId)).toMatchObject({ accepted: 1n });
      return idOf(email);
    };

    it('forgets a person, keeps who objected from coming back, and still hears them', async () => {
      const contactId = await person('erna@example.org');
      const { optOutUrl } = await permitFor(contactId);
      privacy.objects = true;
      const receipt = await privacy.erase(tenantId, 'contact', contactId);
      expect(receipt).toMatchObject({ service: 'contacts' });
      const rights = cluster.service('contacts').get(DataRights);
      const [opening] = await cluster
        .service('contacts')
        .get(UnitOfWork)
        .run(tenantId, (tx) => rights.receipts.openings(tx, receipt.batchId));
      expect(JSON.parse(opening!.statement.toString())).toMatchObject({
        entries: expect.arrayContaining([
          expect.objectContaining({
            ...{ store: 'contacts.suppressed-address', outcome: 'RETAINED' },
            ...{ count: 1, detail: 'objection' },
          }),
        ]) as unknown,
      });
      await expect((await as(['agent'])).contacts.getContact({ contactId })).rejects.toMatchObject({
        reason: 'CONTACT_NOT_FOUND',
      });
      expect((await cluster.published(SubjectErased)).map((event) => event.contactId)).toEqual([contactId]);
      const response = await upload('email\nerna@example.org\nnia@example.org\n');
      const { importId } = (await response.json()) as { importId: string };
      expect(await ended(importId)).toMatchObject({ accepted: 1n, rejectedByReason: { SUPPRESSED: 1n } });
      expect(await idOf('erna@example.org')).toBe('');
      expect((await fetch(optOutUrl, { method: 'POST', body: 'List-Unsubscribe=One-Click' })).status).toBe(
        200,
      );
    });

    it('has PostgreSQL refuse a late row about them', async () => {
      const contactId = await person('late@example.org');
      await privacy.erase(tenantId, 'contact', contactId);
      const uow = cluster.service('contacts').get(UnitOfWork);
      const late = uow.run(tenantId, (tx) =>
        tx.execute(
          `insert into contact (tenant_id, contact_id, source, created_at, updated_at) values ($1, $2, 'api', $3, $3)`,
          [tenantId, contactId, new Date()],
        ),
      );
      await expect(late).rejects.toMatchObject({ sqlstate: '23503', constraint: 'contact_contact_id_fence' });
    });

    it('forgets a member and keeps what they recorded', async () => {
      const contactId = await person('heard@example.org');
      const memberId = newId();
      const agent = await cluster.asMember('contacts', { tenantId, memberId, roles: ['agent'] });
      const consent = agent.of(contactsV1.ConsentServiceService);
      const { entry } = await consent.recordOptOut({
        ...{ requestId: newId(), contactId, channel: 0, purpose: '', sender: '', evidence: '' },
        heardFrom: undefined,
        source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      });
      expect(entry?.recordedBy).toBe(memberId);
      await privacy.erase(tenantId, 'member', memberId);
      const { entries } = await consent.listConsentEntries(
        contactsV1.ListConsentEntriesRequest.fromPartial({ contactId, pageSize: 1 }),
      );
      expect(entries[0]).toMatchObject({ entryId: entry?.entryId, recordedBy: '' });
      expect((await cluster.published(SubjectErased)).map((event) => event.contactId)).not.toContain(
        memberId,
      );
    });
  });

  it('goes on with an import after it was killed in the middle of it', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => `killed${n}@example.org`);
    const { importId } = (await (await upload(['email', ...rows].join('\n'))).json()) as { importId: string };
    await cluster.restart('contacts');
    expect(await ended(importId)).toMatchObject({
      state: contactsV1.ImportState.IMPORT_STATE_COMPLETED,
      accepted: 3_000n,
      created: 3_000n,
    });
  });
});
