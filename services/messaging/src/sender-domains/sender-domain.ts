import { domainToASCII } from 'node:url';
import { type DkimAlgorithm } from '../dkim/dkim.js';
import { type DmarcResult } from './dmarc.js';
import { type SpfResult } from './spf.js';

export type DomainState = 'pending' | 'verified' | 'failing';

/** What is found where DNS does not answer. */
export type Unreachable = 'unreachable';

export type DkimResult = 'pass' | 'missing' | 'differs';

export interface Findings {
  spf: SpfResult | Unreachable;
  dkim: DkimResult | Unreachable;
  dmarc: DmarcResult | Unreachable;
}

/** A key as the rules see it. */
export interface KeyInUse {
  dkimKeyId: string;
  algorithm: DkimAlgorithm;
  isPublished: boolean;
  createdAt: Date;
  retiredAt: Date | null;
}

/** What was found for one key; undefined where DNS did not answer. */
export type Published = 'published' | 'missing' | 'differs' | undefined;

const PASSES = new Set<string>(['pass', 'not_required']);

/** As DNS writes it, in lower case; undefined for what is no name of a domain. */
export function domainName(text: string): string | undefined {
  const name = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  const labels = name.split('.');
  const sound = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return sound && labels.length >= 2 && name.length <= 253 && !/^[0-9]+$/.test(labels.at(-1)!)
    ? name
    : undefined;
}

export function passes(result: string): boolean {
  return PASSES.has(result);
}

/**
 * What the findings make of a domain. DNS that does not answer changes nothing: nobody's mails stop because a resolver
 * did.
 */
export function stateAfter(state: DomainState, findings: Findings): DomainState {
  const results = Object.values(findings);
  if (results.every(passes)) return 'verified';
  if (results.every((result) => result === 'unreachable' || passes(result))) return state;
  return state === 'pending' ? 'pending' : 'failing';
}

/**
 * What the answers for each key make of them all: which are published, and which are to be retired since a newer one of
 * the same kind is. Receivers that know no Ed25519 are many: without a key of RSA there is no signature to them.
 */
export function keysAfter(
  keys: readonly KeyInUse[],
  answers: ReadonlyMap<string, Published>,
): { dkim: DkimResult | Unreachable; published: Set<string>; retired: Set<string> } {
  const live = keys.filter(({ retiredAt }) => retiredAt === null);
  const published = new Set(
    live
      .filter(({ dkimKeyId, isPublished }) => {
        const answer = answers.get(dkimKeyId);
        return answer === undefined ? isPublished : answer === 'published';
      })
      .map(({ dkimKeyId }) => dkimKeyId),
  );
  const newest = newestOf(live.filter(({ dkimKeyId }) => published.has(dkimKeyId)));
  const retired = new Set(
    live
      .filter(({ algorithm, createdAt, dkimKeyId }) => {
        const signing = newest.get(algorithm);
        return signing && signing.dkimKeyId !== dkimKeyId && signing.createdAt > createdAt;
      })
      .map(({ dkimKeyId }) => dkimKeyId),
  );
  if (newest.has('rsa-sha256')) return { dkim: 'pass', published, retired };
  const found = live
    .filter(({ algorithm }) => algorithm === 'rsa-sha256')
    .map(({ dkimKeyId }) => answers.get(dkimKeyId));
  const dkim = found.includes(undefined) ? 'unreachable' : found.includes('differs') ? 'differs' : 'missing';
  return { dkim, published, retired };
}

/** The keys that sign: of each kind the newest whose record stands in DNS. */
export function signingKeys<Key extends KeyInUse>(keys: readonly Key[]): Key[] {
  return [
    ...newestOf(keys.filter(({ isPublished, retiredAt }) => isPublished && retiredAt === null)).values(),
  ];
}

function newestOf<Key extends KeyInUse>(keys: readonly Key[]): Map<DkimAlgorithm, Key> {
  const newest = new Map<DkimAlgorithm, Key>();
  for (const key of keys) {
    const known = newest.get(key.algorithm);
    if (!known || known.createdAt < key.createdAt) newest.set(key.algorithm, key);
  }
  return newest;
}
