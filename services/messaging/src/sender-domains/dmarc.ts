import { type Dns } from './dns.js';

export type DmarcResult = 'pass' | 'missing' | 'several' | 'invalid';

/** SPEC: RFC 9989, 4.10: the tree is walked up for eight names at most. */
const MOST_STEPS = 8;

/**
 * Whether the domain says what becomes of mails that fail. Ours are signed for the very domain of their sender, which is
 * aligned however strictly it asks. Throws DnsUnreachable.
 */
export async function checkDmarc(domain: string, dns: Dns): Promise<DmarcResult> {
  const labels = domain.split('.');
  // Its own record, else its parents', down to two labels: a record of `com` would be nobody's word for it.
  for (let first = 0; first <= labels.length - 2 && first < MOST_STEPS; first += 1) {
    const records = (await dns.txt(`_dmarc.${labels.slice(first).join('.')}`)).filter((text) =>
      /^\s*v\s*=\s*DMARC1\s*(;|$)/.test(text),
    );
    if (records.length > 1) return 'several';
    if (records.length === 1) return isValid(records[0]!) ? 'pass' : 'invalid';
  }
  return 'missing';
}

/** SPEC: RFC 9989, 4.7: a policy that is one; without `p` a record that asks for reports counts as `none`. */
function isValid(record: string): boolean {
  const tags = new Map(
    record
      .split(';')
      .map((tag) => tag.split('='))
      .map(([name = '', ...value]) => [name.trim().toLowerCase(), value.join('=').trim()]),
  );
  const policy = tags.get('p');
  if (policy === undefined) return tags.has('rua');
  return ['none', 'quarantine', 'reject'].includes(policy.toLowerCase());
}
