import { type Tx } from '@heed/postgres';
import { longestPeriodMs, type Taken } from '../contact-rules/frequency.js';
import { refusalByCap } from './own-rules.js';
import { denied, type Ask, type Verdict } from './permit.js';
import { judge, judgeAndIssue, type Issuing, type Judgement, type NewPermit } from './permit.store.js';
import { lockPlaces, placesTaken } from './places.store.js';

/** Places under caps, by whom and by what address they were taken. */
class Places {
  private readonly byKey = new Map<string, Taken[]>();

  constructor(taken: readonly (Taken & { key: string })[]) {
    for (const place of taken) this.take([place.key], place);
  }

  of(keys: readonly string[]): Taken[] {
    return keys.flatMap((key) => this.byKey.get(key) ?? []);
  }

  take(keys: readonly string[], place: Taken): void {
    for (const key of keys) this.byKey.set(key, [...(this.byKey.get(key) ?? []), place]);
  }
}

/**
 * Issues where a cap counts: what was issued before is read under a lock of each person and address, so that of two
 * batches at once the second sees what the first has given (ATTACKS 2.14). Only tenants with caps pay for it.
 */
export async function issueWithinCaps(
  tx: Tx,
  permits: readonly NewPermit[],
  issuing: Issuing,
): Promise<Verdict[] | undefined> {
  const judgements = await judge(
    tx,
    permits.map(({ ask }) => ask),
    issuing.at,
  );
  const counted = permits.map(({ ask, reserves }, index) =>
    reserves ? keysOf(ask, judgements[index]!) : [],
  );
  await lockPlaces(tx, counted.flat());
  const { at, rules } = issuing;
  const since = new Date(at.getTime() - longestPeriodMs(rules.caps));
  const places = new Places(await placesTaken(tx, counted.flat(), since));
  const withinCaps = permits.map((permit, index): NewPermit => {
    const { ask, allowed } = permit;
    const keys = counted[index]!;
    if (judgements[index]!.denied || allowed.refusal || keys.length === 0) return permit;
    const refusal = refusalByCap(rules.caps, ask, places.of(keys), at);
    if (refusal) return { ...permit, allowed: { lifetimeMs: 0, refusal } };
    const { attemptId, channel, purpose } = ask;
    places.take(keys, { attemptId, channel, purpose, at });
    return permit;
  });
  const verdicts = await judgeAndIssue(tx, withinCaps, issuing);
  return verdicts?.map((verdict, index) =>
    isElsewhere(verdict, judgements[index]!) ? denied(verdict.ask, 'too_late', at) : verdict,
  );
}

/** The places that count for an ask, without one being taken: for who only wants to know. */
export async function takenFor(tx: Tx, ask: Ask, judgement: Judgement, since: Date): Promise<Taken[]> {
  return new Places(await placesTaken(tx, keysOf(ask, judgement), since)).of(keysOf(ask, judgement));
}

/** A place is taken with the person and with the address: two contacts who share one count once each time. */
function keysOf({ contactId }: Ask, { endpointHash }: Judgement): string[] {
  return endpointHash === undefined ? [] : [contactId, endpointHash];
}

/** Somebody was given another address between the look and the permit: its place was not looked at. */
function isElsewhere({ issued }: Verdict, { endpointHash }: Judgement): boolean {
  return issued?.reserves === true && issued.endpointHash.toString('hex') !== endpointHash;
}
