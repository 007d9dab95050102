import { dkimRecordName } from '../dkim/dkim-key.js';
import { type Dns, DnsUnreachable } from './dns.js';
import { checkDmarc } from './dmarc.js';
import { type Findings, type KeyInUse, type Published, type Unreachable } from './sender-domain.js';
import { checkSpf, type SendingHosts } from './spf.js';

export interface KeyToFind extends KeyInUse {
  selector: string;
  publicKey: string;
}

export interface Looked {
  spf: Findings['spf'];
  dmarc: Findings['dmarc'];
  keys: Map<string, Published>;
}

/** Looks at DNS for all that a domain should say. Each question stands alone: one that fails spoils no other. */
export async function lookAt(
  domain: string,
  keys: readonly KeyToFind[],
  hosts: SendingHosts,
  dns: Dns,
): Promise<Looked> {
  const [spf, dmarc, found] = await Promise.all([
    orUnreachable(checkSpf(domain, hosts, dns)),
    orUnreachable(checkDmarc(domain, dns)),
    Promise.all(keys.map((key) => orUnreachable(published(domain, key, dns)))),
  ]);
  const answers = found.map((answer): Published => (answer === 'unreachable' ? undefined : answer));
  return { spf, dmarc, keys: new Map(keys.map(({ dkimKeyId }, index) => [dkimKeyId, answers[index]])) };
}

async function published(domain: string, { selector, publicKey }: KeyToFind, dns: Dns) {
  const records = await dns.txt(dkimRecordName(selector, domain));
  const texts = records.filter((text) => /(^|;)\s*p\s*=/.test(text));
  if (texts.length === 0) return 'missing';
  // SPEC: RFC 6376, 3.6.2.2: several are undefined: who gets the mail may take the wrong one.
  const [, key] = /(?:^|;)\s*p\s*=\s*([^;]*)/.exec(texts[0]!) ?? [];
  return texts.length === 1 && key?.replaceAll(/\s/g, '') === publicKey ? 'published' : 'differs';
}

async function orUnreachable<Answer>(answer: Promise<Answer>): Promise<Answer | Unreachable> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DnsUnreachable) return 'unreachable';
    throw error;
  }
}
