import { describe, expect, it } from '@jest/globals';
import { type Evidence, type EngagementKind } from './engagement.js';
import { countsOf, differenceOf, judgeEngagements, type Judgeable } from './judge-engagements.js';

const handedOverAt = new Date('2026-11-23T09:00:00Z');

/** `open`, `trap`, or a link as `2/5`: the second of five; so many seconds after the hand-over. */
function at(seconds: number, what: string, evidence: Evidence = ''): Judgeable {
  const [link = 0, of = 0] = what.includes('/') ? what.split('/').map(Number) : [];
  const kind: EngagementKind = what.includes('/') ? 'click' : (what as 'open');
  return {
    ...{ engagementId: `${what} ${seconds}`, kind, link, of, evidence },
    at: new Date(handedOverAt.getTime() + seconds * 1_000),
  };
}

const reasons = (...engagements: Judgeable[]) => [...judgeEngagements(engagements, handedOverAt).values()];

describe('what is done with a message is a machine’s', () => {
  it.each<[string, Judgeable[], string[]]>([
    ['not, where somebody reads and follows a link', [at(60, 'open'), at(75, '2/5')], ['', '']],
    [
      'not, where they come back to it again and again',
      [at(60, '1/1'), at(61, '1/1'), at(900, '1/1')],
      ['', '', ''],
    ],
    ['not, where they follow two of many', [at(60, '1/5'), at(61, '2/5')], ['', '']],
    ['not, where they follow all in their own time', [at(60, '1/2'), at(66, '2/2')], ['', '']],
    ['by what it shows itself', [at(60, 'open', 'prefetch'), at(60, '1/5', 'head')], ['prefetch', 'head']],
    ['where it comes too soon', [at(1, 'open'), at(4.9, '1/5'), at(5, '1/5')], ['too_soon', 'too_soon', '']],
    ['where it comes before the hand-over is written down', [at(-1, '1/5')], ['too_soon']],
    [
      'where three links come at once',
      [at(60, '1/5'), at(61, '2/5'), at(62, '3/5')],
      ['burst', 'burst', 'burst'],
    ],
    ['not, where three links come one by one', [at(60, '1/5'), at(61.5, '2/5'), at(63, '3/5')], ['', '', '']],
    ['where all links come within seconds', [at(60, '1/2'), at(64, '2/2')], ['burst', 'burst']],
    [
      'where its image comes in the midst of that',
      [at(60, '1/2'), at(62, 'open'), at(64, '2/2')],
      ['burst', 'burst', 'burst'],
    ],
    [
      'in whatever order it is told',
      [at(62, '3/5'), at(60, '1/5'), at(61, '2/5')],
      ['burst', 'burst', 'burst'],
    ],
    [
      'where a link that none can see is followed',
      [at(60, 'trap'), at(119, '1/5'), at(1, 'open')],
      ['trap', 'trap', 'trap'],
    ],
    ['no more, a while after that', [at(60, 'trap'), at(121, '1/5')], ['trap', '']],
    [
      'though it only asks for heads',
      [at(60, '1/2', 'head'), at(61, '2/2', 'head'), at(61, '1/2')],
      ['head', 'head', 'burst'],
    ],
  ])('%s', (_, engagements, said) => {
    expect(reasons(...engagements)).toEqual(said);
  });

  it('as soon as more is known: what was a person’s before is judged once more', () => {
    const click = at(60, '1/5');
    expect(reasons(click)).toEqual(['']);
    expect(reasons(click, at(70, 'trap'))).toEqual(['trap', 'trap']);
  });
});

describe('the counts of a message', () => {
  const clicks = (...said: ('' | 'burst')[]) => said.map((reason) => ({ kind: 'click' as const, reason }));

  it('keep people and machines apart, and a person once', () => {
    const judged = [...clicks('', '', 'burst'), { kind: 'open' as const, reason: '' as const }];
    expect(countsOf(judged)).toEqual({
      ...{ opens: 1, clicks: 2, openers: 1, clickers: 1, automatedOpens: 0, automatedClicks: 1 },
    });
  });

  it('do not count the trap', () => {
    expect(Object.values(countsOf([{ kind: 'trap', reason: 'trap' }]))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('differ by what moved from one to the other', () => {
    const [before, after] = [countsOf(clicks('')), countsOf(clicks('burst', 'burst'))];
    expect(differenceOf(before, after)).toMatchObject({
      clicks: -1,
      clickers: -1,
      automatedClicks: 2,
      opens: 0,
    });
    expect(differenceOf(after, after)).toBeUndefined();
  });
});
