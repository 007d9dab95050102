import { BlockList, isIP, isIPv6 } from 'node:net';
import { type Dns } from './dns.js';

export type SpfResult =
  'pass' | 'not_required' | 'missing' | 'several' | 'invalid' | 'not_authorised' | 'too_many_lookups';

/** Whose mails must be allowed: a record that ours is to include, addresses of our hosts, or both. */
export interface SendingHosts {
  include: string | undefined;
  addresses: readonly string[];
}

/** SPEC: RFC 7208, 4.6.4: more than ten terms that ask DNS are an error to every receiver. */
const MOST_LOOKUPS = 10;
/** As many mail servers are looked at. */
const MOST_MX = 10;

class Refused extends Error {
  constructor(readonly result: SpfResult) {
    super(result);
  }
}

interface Search {
  dns: Dns;
  lookups: number;
  /** Names whose records were included on the way. */
  included: Set<string>;
  allowed: BlockList;
  /** `+all`: everybody is. */
  everybody: boolean;
}

/** What the domain's record says of hosts of ours. Throws DnsUnreachable. */
export async function checkSpf(domain: string, hosts: SendingHosts, dns: Dns): Promise<SpfResult> {
  if (hosts.include === undefined && hosts.addresses.length === 0) return 'not_required';
  const search: Search = {
    ...{ dns, lookups: 0, included: new Set<string>(), allowed: new BlockList(), everybody: false },
  };
  try {
    await read(domain, search, true);
  } catch (error) {
    if (error instanceof Refused) return error.result;
    throw error;
  }
  const { include } = hosts;
  const includes = include === undefined || search.included.has(include.toLowerCase());
  const allows = hosts.addresses.every(
    (address) => search.everybody || search.allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'),
  );
  return includes && allows ? 'pass' : 'not_authorised';
}

/** Gathers what is allowed. A term that only refuses (`-ip4:`) is not needed: what it takes away is no host of ours. */
async function read(domain: string, search: Search, isFirst: boolean): Promise<void> {
  const records = (await search.dns.txt(domain)).filter((text) => /^v=spf1( |$)/i.test(text));
  // SPEC: RFC 7208, 5.2: an included domain without a record is an error.
  if (records.length === 0) throw new Refused(isFirst ? 'missing' : 'invalid');
  if (records.length > 1) throw new Refused(isFirst ? 'several' : 'invalid');
  const terms = records[0]!
    .split(/ +/)
    .slice(1)
    .filter((term) => term !== '');
  const redirect = terms.map((term) => /^redirect=(.+)$/i.exec(term)?.[1]).find((target) => target);
  const mechanisms = terms.filter((term) => !/^[a-z][a-z0-9_.-]*=/i.test(term));
  for (const mechanism of mechanisms) {
    if (await reaches(mechanism, domain, search)) return;
  }
  if (redirect !== undefined) await follow(redirect, search);
}

/** True at `all`: what stands behind it is not read. */
async function reaches(term: string, domain: string, search: Search): Promise<boolean> {
  const match = /^([+?~-]?)([a-z0-9]+)(?::([^/]*))?((?:\/\d+)?(?:\/\/\d+)?|\/.*)$/i.exec(term);
  if (!match) throw new Refused('invalid');
  const [, qualifier = '', name = '', value, cidr = ''] = match;
  const passes = qualifier === '' || qualifier === '+';
  switch (name.toLowerCase()) {
    case 'all':
      search.everybody ||= passes;
      return true;
    case 'include':
      if (value === undefined || value === '') throw new Refused('invalid');
      if (passes) await follow(value, search);
      return false;
    case 'ip4':
    case 'ip6': {
      const written = term.slice(term.indexOf(':') + 1);
      const [address = '', length] = written.split('/');
      if (isIP(address) !== (name.toLowerCase() === 'ip4' ? 4 : 6)) throw new Refused('invalid');
      if (passes) allow(search, address, length === undefined ? undefined : Number(length));
      return false;
    }
    case 'a':
    case 'mx': {
      count(search);
      const from = value ?? domain;
      const names = name.toLowerCase() === 'a' ? [from] : (await search.dns.mx(from)).slice(0, MOST_MX);
      const [four, six] = lengthsOf(cidr);
      for (const host of names) {
        for (const address of await search.dns.addresses(host)) {
          if (passes) allow(search, address, isIPv6(address) ? six : four);
        }
      }
      return false;
    }
    case 'exists':
    case 'ptr':
      // They depend on the host that asks, and nobody names hosts by them.
      count(search);
      return false;
    default:
      throw new Refused('invalid');
  }
}

async function follow(target: string, search: Search): Promise<void> {
  // SPEC: RFC 7208, 7: macros make names of the mail that is looked at; there is none here.
  if (target.includes('%')) return count(search);
  count(search);
  const name = target.toLowerCase().replace(/\.$/, '');
  search.included.add(name);
  await read(name, search, false);
}

function count(search: Search): void {
  search.lookups += 1;
  if (search.lookups > MOST_LOOKUPS) throw new Refused('too_many_lookups');
}

function allow({ allowed }: Search, address: string, length: number | undefined): void {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const longest = family === 'ipv6' ? 128 : 32;
  const bits = length ?? longest;
  if (!(bits >= 0 && bits <= longest)) throw new Refused('invalid');
  allowed.addSubnet(address, bits, family);
}

/** `/24//64`: of addresses of version 4 and of version 6. */
function lengthsOf(cidr: string): [number | undefined, number | undefined] {
  const four = /^\/(\d+)/.exec(cidr)?.[1];
  const six = /\/\/(\d+)$/.exec(cidr)?.[1];
  return [four === undefined ? undefined : Number(four), six === undefined ? undefined : Number(six)];
}
