import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, messagingV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { PermitOffice } from '@heed/testing';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { RecheckDomains } from '../src/sender-domains/recheck-domains.js';
import { DnsPeer } from './dns-peer.js';
import { MessagingService } from './messaging-service.js';
import { SkippingClock } from './skipping-clock.js';

const { SenderDomainState } = messagingV1;
const DAY_MS = 24 * 3_600_000;

describe('sender domains', () => {
  const service = new MessagingService();
  const clock = new SkippingClock();
  const dns = new DnsPeer();
  let domains: Awaited<ReturnType<typeof asAdmin>>;

  const asAdmin = async (tenantId = service.tenantId, roles = ['admin']) => {
    const member = await service.cluster.asMember('messaging', { tenantId, roles });
    return member.of(messagingV1.SenderDomainsServiceService);
  };
  beforeAll(async () => {
    await dns.start();
    await service.start({
      clock,
      env: {
        HEED_DNS_SERVERS: dns.address,
        HEED_SENDING_HOSTS: '192.0.2.7',
        HEED_REQUIRE_VERIFIED_DOMAINS: 'true',
      },
    });
    domains = await asAdmin();
  });
  afterAll(async () => {
    await service.stop();
    await dns.stop();
  });

  const create = async (domain: string) =>
    (await domains.createSenderDomain({ requestId: newId(), domain })).senderDomain!;
  const verify = async ({ senderDomainId }: { senderDomainId: string }) =>
    (await domains.verifySenderDomain({ senderDomainId })).senderDomain!;
  const publish = ({ records }: messagingV1.SenderDomain) => {
    for (const { name, value } of records) dns.set('TXT', name, value);
  };
  const verified = async (domain: string) => {
    const created = await create(domain);
    publish(created);
    return verify(created);
  };
  /** What became of a mail from an address, and the mail. */
  const sendFrom = async (senderAddress: string) => {
    const contactId = newId();
    const templateId = service.outside.template({ senderAddress, htmlBody: '<p>Dear {{ first_name }}</p>' });
    const end = service.nextEnd();
    await service.dispatch([contactId], { templateId });
    await end;
    const attempt = (await service.attempts()).find((candidate) => candidate.contactId === contactId);
    const address = PermitOffice.addressOf(contactId);
    const kept = service.peer.kept.find(({ to }) => to[0] === address);
    return { outcome: [attempt?.outcome, attempt?.reason], raw: kept?.raw };
  };
  /** Why a mail from an address waits. */
  const waitsFor = async (senderAddress: string) => {
    const contactId = newId();
    await service.dispatch([contactId], { templateId: service.outside.template({ senderAddress }) });
    const told = async () =>
      (await service.cluster.published(AttemptConcluded)).find((one) => one.contactId === contactId);
    let end = await told();
    while (!end) end = await told();
    return [end.outcome, end.reason];
  };
  const signatures = async (raw: string) => {
    const { results } = await dkimVerify(Buffer.from(raw), {
      curTime: clock.now(),
      resolver: async (name: string) => (dns.records.get(`TXT ${name}`) ?? []).map((value) => [value]),
    });
    return results.map(({ status, signingDomain, selector }) => [status.result, signingDomain, selector]);
  };
  const reasonOf = (work: Promise<unknown>) =>
    work.then(
      () => 'accepted',
      (error: { reason?: string }) => error.reason ?? String(error),
    );

  it('are made with records to be put into DNS, and are pending until they are there', async () => {
    const created = await create('Fresh.Test.');
    expect(created).toMatchObject({
      domain: 'fresh.test',
      state: SenderDomainState.SENDER_DOMAIN_STATE_PENDING,
      checks: [],
    });
    expect(created.records.map(({ name, value }) => [name, value.slice(0, 20)])).toEqual([
      [expect.stringMatching(/^heed-[0-9a-f]{8}-r\._domainkey\.fresh\.test$/), 'v=DKIM1; k=rsa; p=MI'],
      [expect.stringMatching(/^heed-[0-9a-f]{8}-e\._domainkey\.fresh\.test$/), 'v=DKIM1; k=ed25519; '],
      ['fresh.test', 'v=spf1 ip4:192.0.2.7'],
      ['_dmarc.fresh.test', 'v=DMARC1; p=none'],
    ]);
    const looked = await verify(created);
    expect(looked.state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_PENDING);
    expect(looked.checks.map(({ passed, result }) => [passed, result])).toEqual([
      [false, 'missing'],
      [false, 'missing'],
      [false, 'missing'],
    ]);
    expect(await reasonOf(create('fresh.test'))).toBe('SENDER_DOMAIN_EXISTS');
    expect(await reasonOf(create('not a domain'))).toBe('INVALID_ARGUMENT');
  });

  it('sign what leaves from them once they are verified, by both keys, and others verify it', async () => {
    const domain = await verified('signed.test');
    expect(domain.state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED);
    expect(domain.records.every(({ isPublished }) => isPublished)).toBe(true);
    const { outcome, raw } = await sendFrom('news@signed.test');
    expect(outcome).toEqual(['sent', '']);
    expect(await signatures(raw!)).toEqual([
      ['pass', 'signed.test', expect.stringMatching(/-r$/)],
      ['pass', 'signed.test', expect.stringMatching(/-e$/)],
    ]);
  });

  it.each(['news@unknown.test', 'news@pending.test', 'news@sub.signed-too.test'])(
    'that are not verified write nothing: %s',
    async (address) => {
      await Promise.all([
        create('pending.test').catch(() => undefined),
        reasonOf(verified('signed-too.test')),
      ]);
      const before = service.outside.office.batches.length;
      const { outcome, raw } = await sendFrom(address);
      expect(outcome).toEqual(['skipped', 'sender_domain_unverified']);
      expect(raw).toBeUndefined();
      expect(service.outside.office.batches.length).toBe(before);
    },
  );

  it('get new keys, which sign when their records are seen and not before', async () => {
    const domain = await verified('rotated.test');
    const selectorsNow = async () => {
      const { raw } = await sendFrom('news@rotated.test');
      const found = await signatures(raw!);
      expect(found.map(([result]) => result)).toEqual(['pass', 'pass']);
      return found.map(([, , selector]) => selector);
    };
    const old = await selectorsNow();
    const { senderDomainId } = domain;
    const rotate = () => domains.rotateSenderDomainKey({ requestId: newId(), senderDomainId });
    const { senderDomain: rotated } = await rotate();
    expect(await reasonOf(rotate())).toBe('ROTATION_PENDING');
    expect((await verify(domain)).state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED);
    expect(await selectorsNow()).toEqual(old);
    publish(rotated!);
    const after = await verify(domain);
    const fresh = await selectorsNow();
    expect(fresh.some((selector) => old.includes(selector))).toBe(false);
    expect(
      after.records.filter(({ type, name }) => type === 'TXT' && name.includes('_domainkey')),
    ).toHaveLength(2);
    const { rows } = await service.database
      .pool('probe')
      .query('select private_key is null as gone from dkim_key where retired_at is not null');
    expect(rows).toEqual([{ gone: true }, { gone: true }]);
  });

  it('are looked at again once a day: what fails then leaves no more, what DNS does not answer for goes on', async () => {
    const domain = await verified('watched.test');
    const recheck = async () => {
      clock.skip(DAY_MS);
      // Yesterday's token is of no use any more.
      domains = await asAdmin();
      await service.cluster.service('messaging').get(RecheckDomains).recheck();
      const { senderDomain } = await domains.getSenderDomain({ senderDomainId: domain.senderDomainId });
      return senderDomain!;
    };
    dns.broken.add('_dmarc.watched.test');
    const away = await recheck();
    expect(away.state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED);
    expect(away.checks.map(({ result }) => result)).toEqual(['pass', 'pass', 'unreachable']);
    dns.broken.clear();
    dns.set('TXT', 'watched.test', 'v=spf1 -all');
    const failing = await recheck();
    expect(failing.state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_FAILING);
    expect(failing.checks.map(({ result }) => result)).toEqual(['not_authorised', 'pass', 'pass']);
    expect(await waitsFor('news@watched.test')).toEqual([
      typesV1.Outcome.OUTCOME_DEFERRED,
      'sender_domain_failing',
    ]);
    publish(domain);
    expect((await recheck()).state).toBe(SenderDomainState.SENDER_DOMAIN_STATE_VERIFIED);
    expect((await sendFrom('news@watched.test')).outcome).toEqual(['sent', '']);
  });

  it('are listed by state, in pages, and are gone once deleted', async () => {
    const { senderDomainId } = await create('gone.test');
    const pending = async () => {
      const found: string[] = [];
      let pageToken = '';
      do {
        const page = await domains.listSenderDomains({
          ...{ pageSize: 1, pageToken, state: SenderDomainState.SENDER_DOMAIN_STATE_PENDING },
        });
        found.push(...page.senderDomains.map(({ domain }) => domain));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return found;
    };
    expect(await pending()).toEqual(expect.arrayContaining(['fresh.test', 'gone.test']));
    expect(await pending()).not.toContain('signed.test');
    await domains.deleteSenderDomain({ senderDomainId });
    expect(await pending()).not.toContain('gone.test');
    expect(await reasonOf(domains.deleteSenderDomain({ senderDomainId }))).toBe('SENDER_DOMAIN_NOT_FOUND');
    expect(await reasonOf(verify({ senderDomainId }))).toBe('SENDER_DOMAIN_NOT_FOUND');
    // Looks at DNS are not told: they are made by themselves, too.
    const told = () => service.outside.audited.filter(({ subjectId }) => subjectId === senderDomainId);
    while (told().length < 2) await clock.wait(10);
    expect(told().map(({ action }) => /\w+$/.exec(action)![0])).toEqual([
      'CreateSenderDomain',
      'DeleteSenderDomain',
    ]);
  });

  it('are one tenant’s: another has none of them, and may have the same with keys of its own', async () => {
    const others = await asAdmin(newId());
    const mine = await verified('shared.test');
    const theirs = await others.createSenderDomain({ requestId: newId(), domain: 'shared.test' });
    expect(theirs.senderDomain!.records[0]!.name).not.toBe(mine.records[0]!.name);
    expect(await reasonOf(others.getSenderDomain({ senderDomainId: mine.senderDomainId }))).toBe(
      'SENDER_DOMAIN_NOT_FOUND',
    );
    const auditor = await asAdmin(service.tenantId, ['auditor']);
    expect(await reasonOf(auditor.createSenderDomain({ requestId: newId(), domain: 'x.test' }))).toBe(
      'PERMISSION_MISSING',
    );
  });
});
