import { describe, expect, it } from '@jest/globals';
import { type Claims, type VerifiedCertificate } from '@heed/verifier';
import { certificatePage } from './certificate-page.js';

const AT = '2026-11-27T20:15:30.000Z';

function claims(more: Partial<Claims> = {}): Claims {
  return {
    ...{ tenant: 'tenant-1', request: 'request-1', right: 'ERASURE', subject: 'person-1' },
    ...{ subject_kind: 'CONTACT', received_at: AT, closed_at: AT, objects: true, verification: 'email_code' },
    stores: [
      { service: 'contacts', store: 'contacts.note', outcome: 'NOTHING_HELD', count: 0 },
      {
        service: 'contacts',
        store: 'contacts.backups',
        outcome: 'IN_BACKUP',
        detail: 'copy',
        until: '2027-01-01T00:00:00.000Z',
      },
      {
        ...{ service: 'contacts', store: 'contacts.endpoint', outcome: 'ERASED', count: 2 },
        probe: { outcome: 'PROBED_CLEAN', detail: 'by_id' },
      },
      {
        service: 'contacts',
        store: 'contacts.suppressed-address',
        outcome: 'RETAINED',
        count: 2,
        detail: 'objection',
      },
      { service: 'telephony', store: 'telephony.call', outcome: 'ANONYMISED', count: 1 },
    ],
    sweep: { state: 'DUE', services: [] },
    ...more,
  };
}

function page(more: Partial<Claims> = {}, vkey = 'heed.test/log+00000000+A'): string {
  const verified = {
    claims: claims(more),
    log: { origin: 'heed.test/log', size: 42 },
  } as VerifiedCertificate;
  return certificatePage(verified, { name: 'erasure.json', sha256: 'ab'.repeat(32), vkey });
}

describe('the page of a certificate', () => {
  it('says at once how many have answered, what was done, and what remains until when', () => {
    const html = page();
    expect(html).toContain('5 of 5 stores in 2 services have answered; 3 entries erased or made anonymous.');
    expect(html).toContain('<li>contacts.suppressed-address: 2, objection</li>');
    expect(html).toContain('the last has aged out by 2027-01-01 00:00 UTC');
    expect(html).toContain('Due in the next night');
  });

  it('names the stores of others that were not asked, so that somebody asks there', () => {
    expect(page({ right: 'ACCESS', not_asked: ['loyalty.member'] })).toContain('<li>loyalty.member</li>');
    expect(page()).not.toContain('Not asked');
  });

  it('puts what a reader must not miss before stores that held nothing', () => {
    const stores = [...page().matchAll(/<th scope="row">([^<]+)/g)].map(([, store]) => store);
    expect(stores).toEqual(['suppressed-address', 'endpoint', 'backups', 'note', 'call']);
  });

  it('does not count a store that is silent, and names it under the exceptions', () => {
    const silent = { service: 'telephony', action: 'ERASE', since: AT, why: 'open' } as const;
    const html = page({
      ...{ exceptions: [silent], reason: 'service_retired' },
      stores: [
        { service: 'contacts', store: 'contacts.note', outcome: 'ERASED', count: 1 },
        { service: 'telephony', store: 'telephony.call', outcome: 'UNREACHABLE', since: AT },
      ],
    });
    expect(html).toContain(
      '1 of 2 stores in 2 services have answered; 1 entry erased or made anonymous; closed with',
    );
    expect(html).toContain('telephony, erase: no answer since 2026-11-27 20:15 UTC');
    expect(html).toContain('Reason: service retired');
  });

  it('says what a search by value found', () => {
    const found = {
      service: 'contacts',
      at: AT,
      needles: 3,
      columns: 120,
      objects: 4,
      found: 0,
      excepted: 1,
    };
    expect(page({ sweep: { state: 'DONE', services: [found] } })).toContain(
      '120 columns and 4 names of objects read, 0 found, 1 that belong to somebody living',
    );
  });

  it('carries nothing that runs, asks for nothing, and says how the file itself is verified', () => {
    const html = page({ request: '<script>alert(1)</script>' }, `it's+"key"`);
    expect(html).not.toMatch(/<script|<link|<img|url\(|https?:/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain("heed certificate verify erasure.json --key 'it&#39;s+&quot;key&quot;'");
  });
});
