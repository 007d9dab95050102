import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { DnsPeer } from '../../test/dns-peer.js';
import { lookAt, type KeyToFind } from './check-domain.js';
import { NodeDns } from './dns.js';
import { domainName, keysAfter, signingKeys, stateAfter, type Findings } from './sender-domain.js';
import { type SendingHosts } from './spf.js';

const domain = 'news.sender.test';
const none: SendingHosts = { include: undefined, addresses: [] };

describe('a look at DNS', () => {
  const peer = new DnsPeer();
  let dns: NodeDns;
  beforeAll(async () => {
    await peer.start();
    dns = new NodeDns([peer.address]);
  });
  afterAll(async () => {
    dns.close();
    await peer.stop();
  });
  beforeEach(() => {
    peer.records.clear();
    peer.broken.clear();
    peer.set('TXT', domain, 'some other text');
  });

  const spf = async (hosts: Partial<SendingHosts>) =>
    (await lookAt(domain, [], { ...none, ...hosts }, dns)).spf;
  const dmarc = async () => (await lookAt(domain, [], none, dns)).dmarc;

  it('needs no SPF where no hosts are configured', async () => {
    expect(await spf({})).toBe('not_required');
  });

  it.each<[string, string, Partial<SendingHosts>]>([
    ['includes ours', 'v=spf1 include:spf.heed.test ~all', { include: 'spf.heed.test' }],
    ['includes ours by another', 'v=spf1 include:outer.test ~all', { include: 'spf.heed.test' }],
    ['redirects to ours', 'v=spf1 redirect=spf.heed.test', { include: 'spf.heed.test' }],
    ['lists an address', 'v=spf1 ip4:192.0.2.7 -all', { addresses: ['192.0.2.7'] }],
    [
      'lists a network',
      'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all',
      { addresses: ['192.0.2.7', '2001:db8::9'] },
    ],
    ['allows what it includes', 'v=spf1 include:spf.heed.test -all', { addresses: ['198.51.100.9'] }],
    ['allows its own addresses', 'v=spf1 a -all', { addresses: ['203.0.113.5', '2001:db8::5'] }],
    ['allows its mail servers', 'v=spf1 mx/24 -all', { addresses: ['203.0.113.77'] }],
    ['allows everybody', 'v=spf1 +all', { addresses: ['192.0.2.7'] }],
  ])('finds that an SPF record %s', async (_, record, hosts) => {
    peer.set('TXT', domain, 'other', record);
    peer.set('TXT', 'outer.test', 'v=spf1 include:spf.heed.test ?all');
    peer.set('TXT', 'spf.heed.test', 'v=spf1 ip4:198.51.100.0/24 -all');
    peer.set('A', domain, '203.0.113.5');
    peer.set('AAAA', domain, '2001:db8::5');
    peer.set('MX', domain, 'mx.sender.test');
    peer.set('A', 'mx.sender.test', '203.0.113.6');
    expect(await spf(hosts)).toBe('pass');
  });

  it.each<[string, string[], Partial<SendingHosts>]>([
    ['missing', ['v=spf10 all'], { addresses: ['192.0.2.7'] }],
    ['several', ['v=spf1 -all', 'v=spf1 +all'], { addresses: ['192.0.2.7'] }],
    ['not_authorised', ['v=spf1 -all ip4:192.0.2.7'], { addresses: ['192.0.2.7'] }],
    ['not_authorised', ['v=spf1 -ip4:192.0.2.7 ~all'], { addresses: ['192.0.2.7'] }],
    ['not_authorised', ['v=spf1 include:nobody.heed.test -all'], { include: 'spf.heed.test' }],
    ['invalid', ['v=spf1 ip4:300.1.1.1 -all'], { addresses: ['192.0.2.7'] }],
    ['invalid', ['v=spf1 ip4:192.0.2.7/99 -all'], { addresses: ['192.0.2.7'] }],
    ['invalid', ['v=spf1 allow-me'], { addresses: ['192.0.2.7'] }],
    ['invalid', ['v=spf1 include:unknown.test -all'], { addresses: ['192.0.2.7'] }],
    ['too_many_lookups', [`v=spf1 include:${domain} -all`], { addresses: ['192.0.2.7'] }],
  ])('finds SPF %s in %j', async (result, records, hosts) => {
    peer.set('TXT', domain, ...records);
    peer.set('TXT', 'nobody.heed.test', 'v=spf1 -all');
    expect(await spf(hosts)).toBe(result);
  });

  it.each<[string, string, string[]]>([
    ['pass', `_dmarc.${domain}`, ['v=DMARC1; p=reject; adkim=s']],
    ['pass', '_dmarc.sender.test', ['v=DMARC1;p=none']],
    ['pass', `_dmarc.${domain}`, ['v=DMARC1; rua=mailto:d@sender.test']],
    ['missing', '_dmarc.test', ['v=DMARC1; p=none']],
    ['missing', `_dmarc.${domain}`, ['something else']],
    ['invalid', `_dmarc.${domain}`, ['v=DMARC1; p=maybe']],
    ['several', `_dmarc.${domain}`, ['v=DMARC1; p=none', 'v=DMARC1; p=reject']],
  ])('finds DMARC %s at %s in %j', async (result, name, records) => {
    peer.set('TXT', name, ...records);
    expect(await dmarc()).toBe(result);
  });

  it('says of what DNS did not answer that it did not, and of the rest what it found', async () => {
    peer.broken.add(`_dmarc.${domain}`);
    const key = keyOf({ selector: 's1' });
    peer.broken.add(`s1._domainkey.${domain}`);
    const looked = await lookAt(domain, [key], none, dns);
    expect(looked).toMatchObject({ spf: 'not_required', dmarc: 'unreachable' });
    expect(looked.keys.get(key.dkimKeyId)).toBeUndefined();
  });

  it.each([
    ['published', ['v=DKIM1; k=rsa; p=QUJD']],
    ['published', ['p= QU JD ;']],
    ['published', ['unrelated', 'v=DKIM1; p=QUJD']],
    ['differs', ['v=DKIM1; p=eHl6']],
    ['differs', ['v=DKIM1; p=']],
    ['differs', ['p=QUJD', 'p=eHl6']],
    ['missing', ['unrelated']],
    ['missing', []],
  ])('finds a key %s in %j', async (result, records) => {
    const key = keyOf({ selector: 's1' });
    if (records.length > 0) peer.set('TXT', `s1._domainkey.${domain}`, ...records);
    const { keys } = await lookAt(domain, [key], none, dns);
    expect(keys.get(key.dkimKeyId)).toBe(result);
  });
});

describe('a sender domain', () => {
  const found = (change: Partial<Findings> = {}): Findings => ({
    ...{ spf: 'pass', dkim: 'pass', dmarc: 'pass', ...change },
  });

  it('is verified once all checks pass, and fails when one does not any more', () => {
    expect(stateAfter('pending', found({ dmarc: 'missing' }))).toBe('pending');
    expect(stateAfter('pending', found({ spf: 'not_required' }))).toBe('verified');
    expect(stateAfter('verified', found({ dkim: 'missing' }))).toBe('failing');
    expect(stateAfter('failing', found())).toBe('verified');
  });

  it('stays what it is where DNS does not answer', () => {
    const away = found({ spf: 'unreachable', dkim: 'unreachable', dmarc: 'unreachable' });
    for (const state of ['pending', 'verified', 'failing'] as const)
      expect(stateAfter(state, away)).toBe(state);
    expect(stateAfter('verified', found({ spf: 'unreachable', dmarc: 'missing' }))).toBe('failing');
  });

  it.each([
    ['Sender.TEST', 'sender.test'],
    ['news.sender.test.', 'news.sender.test'],
    ['grüße.example', 'xn--gre-6ka8l.example'],
  ])('%s is written %s', (text, name) => {
    expect(domainName(text)).toBe(name);
  });

  it.each([
    '',
    'localhost',
    'a b.test',
    '192.0.2.1',
    'a..test',
    '-a.test',
    'a_b.test',
    'x@sender.test',
    `${'a'.repeat(64)}.test`,
  ])('%j is none', (text) => {
    expect(domainName(text)).toBeUndefined();
  });

  it('signs with the newest key of each kind that is published, and retires older ones only then', () => {
    const old = keyOf({ isPublished: true, createdAt: new Date(1) });
    const fresh = keyOf({ createdAt: new Date(2) });
    const ed = keyOf({ algorithm: 'ed25519-sha256', isPublished: true, createdAt: new Date(1) });
    const keys = [old, fresh, ed];
    const answers = (of: Record<string, 'published' | 'missing'>) => new Map(Object.entries(of));
    const before = keysAfter(
      keys,
      answers({ [old.dkimKeyId]: 'published', [fresh.dkimKeyId]: 'missing', [ed.dkimKeyId]: 'published' }),
    );
    expect(before).toEqual({
      dkim: 'pass',
      published: new Set([old.dkimKeyId, ed.dkimKeyId]),
      retired: new Set(),
    });
    expect(signingKeys(keys)).toEqual([old, ed]);
    const after = keysAfter(
      keys,
      answers({ [old.dkimKeyId]: 'published', [fresh.dkimKeyId]: 'published', [ed.dkimKeyId]: 'missing' }),
    );
    expect(after).toEqual({
      dkim: 'pass',
      published: new Set([old.dkimKeyId, fresh.dkimKeyId]),
      retired: new Set([old.dkimKeyId]),
    });
  });

  it('goes on signing where DNS does not answer, and has no signature without a key of RSA', () => {
    const key = keyOf({ isPublished: true });
    expect(keysAfter([key], new Map()).published).toEqual(new Set([key.dkimKeyId]));
    const ed = keyOf({ algorithm: 'ed25519-sha256', isPublished: true });
    const rsa = keyOf({});
    const answers = new Map([
      [ed.dkimKeyId, 'published' as const],
      [rsa.dkimKeyId, 'differs' as const],
    ]);
    expect(keysAfter([ed, rsa], answers).dkim).toBe('differs');
  });
});

function keyOf(change: Partial<KeyToFind>): KeyToFind {
  return {
    ...{ dkimKeyId: newId(), algorithm: 'rsa-sha256', selector: 's1', publicKey: 'QUJD' },
    ...{ isPublished: false, createdAt: new Date(0), retiredAt: null },
    ...change,
  };
}
