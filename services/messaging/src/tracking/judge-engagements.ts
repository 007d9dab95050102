import { type AutomatedReason, type EngagementKind, type Evidence } from './engagement.js';

export interface Judgeable {
  engagementId: string;
  kind: EngagementKind;
  link: number;
  of: number;
  evidence: Evidence;
  at: Date;
}

/** Nobody has read a message so soon after it was handed over; scanners follow its links before they deliver it. */
const TOO_SOON_MS = 5_000;
/** Whoever fetches a link that cannot be seen fetches the others at about the same time. */
const AROUND_TRAP_MS = 60_000;
/** So many different links of one message within so short a time. */
const BURST_LINKS = 3;
const BURST_MS = 2_000;
/** All links of a message that has several. */
const ALL_LINKS_MS = 5_000;

/**
 * Why each is taken for a machine's; empty for a person's. By all that is known of one message: the same again gives the
 * same, and what comes later may change what was said before. In doubt a machine: a count that is too low misleads
 * nobody into writing more often.
 */
export function judgeEngagements(
  engagements: readonly Judgeable[],
  handedOverAt: Date,
): Map<string, AutomatedReason> {
  const traps = engagements.filter(({ kind }) => kind === 'trap').map(({ at }) => at.getTime());
  const bursts = burstsAmong(engagements);
  return new Map(
    engagements.map((engagement): [string, AutomatedReason] => {
      const at = engagement.at.getTime();
      return [engagement.engagementId, reasonOf(engagement, at)];
    }),
  );

  function reasonOf({ kind, evidence }: Judgeable, at: number): AutomatedReason {
    if (evidence !== '') return evidence;
    if (kind === 'trap' || traps.some((trap) => Math.abs(trap - at) <= AROUND_TRAP_MS)) return 'trap';
    if (bursts.some(({ from, to }) => at >= from && at <= to)) return 'burst';
    return at < handedOverAt.getTime() + TOO_SOON_MS ? 'too_soon' : '';
  }
}

/** Times in which so many links were followed as nobody follows by hand. Opens among them are the same machine's. */
function burstsAmong(engagements: readonly Judgeable[]): { from: number; to: number }[] {
  const clicks = engagements
    .filter(({ kind }) => kind === 'click')
    .map(({ link, of, at }) => ({ link, of, at: at.getTime() }))
    .sort((a, b) => a.at - b.at);
  const bursts: { from: number; to: number }[] = [];
  clicks.forEach((first, index) => {
    const links = new Set<number>();
    for (const { link, of, at } of clicks.slice(index)) {
      if (at - first.at > ALL_LINKS_MS) break;
      links.add(link);
      const many = links.size >= BURST_LINKS && at - first.at <= BURST_MS;
      const all = of > 1 && links.size >= of;
      if (many || all) bursts.push({ from: first.at, to: at });
    }
  });
  return bursts;
}

/** What is counted of one message. */
export interface Counts {
  opens: number;
  clicks: number;
  openers: number;
  clickers: number;
  automatedOpens: number;
  automatedClicks: number;
}

export function countsOf(judged: readonly { kind: EngagementKind; reason: AutomatedReason }[]): Counts {
  const count = (kind: EngagementKind, automated: boolean): number =>
    judged.filter((one) => one.kind === kind && (one.reason !== '') === automated).length;
  const [opens, clicks] = [count('open', false), count('click', false)];
  return {
    ...{ opens, clicks, openers: Math.min(opens, 1), clickers: Math.min(clicks, 1) },
    ...{ automatedOpens: count('open', true), automatedClicks: count('click', true) },
  };
}

/** By how much they differ; undefined where they do not. */
export function differenceOf(before: Counts, after: Counts): Counts | undefined {
  const difference: Counts = {
    opens: after.opens - before.opens,
    clicks: after.clicks - before.clicks,
    openers: after.openers - before.openers,
    clickers: after.clickers - before.clickers,
    automatedOpens: after.automatedOpens - before.automatedOpens,
    automatedClicks: after.automatedClicks - before.automatedClicks,
  };
  return Object.values(difference).some((n) => n !== 0) ? difference : undefined;
}
