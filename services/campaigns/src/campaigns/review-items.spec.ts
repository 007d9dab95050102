import { describe, expect, it } from '@jest/globals';
import { campaignsV1 } from '@heed/contracts';
import { itemsOf } from './review-items.js';
import { type ReviewedText } from './review.js';

const { Requirement, ReviewState } = campaignsV1;

const text = (change: Partial<ReviewedText> = {}): ReviewedText => ({
  ...{ channel: 'email', subject: 'Hello', textBody: 'News of spring', htmlBody: '', senderName: 'Acme' },
  postalAddress: '1 Main Street, Springfield',
  ...change,
});

/** How each point stands, by its short name. */
function standing(change: Partial<ReviewedText>): Record<string, string> {
  return Object.fromEntries(
    itemsOf(text(change)).map(({ requirement, jurisdiction, state }) => [
      [campaignsV1.requirementToJSON(requirement).replace('REQUIREMENT_', ''), jurisdiction].join(' ').trim(),
      campaignsV1.reviewStateToJSON(state).replace('REVIEW_STATE_', ''),
    ]),
  );
}

describe('the checklist of a review', () => {
  it('says of each point how it stands, and leaves to a person what no rule can tell', () => {
    expect(standing({})).toEqual({
      ...{ SENDER: 'MET', POSTAL_ADDRESS: 'MET', UNSUBSCRIBE: 'MET', SUBJECT: 'MET' },
      ...{ 'ADVERTISEMENT_LABEL US': 'NEEDS_PERSON', 'ADVERTISEMENT_LABEL EU': 'NEEDS_PERSON' },
      ...{ 'ADVERTISEMENT_LABEL KR': 'NEEDS_PERSON', 'ADVERTISEMENT_LABEL CN': 'NEEDS_PERSON' },
      'ADVERTISEMENT_LABEL SG': 'NEEDS_PERSON',
    });
    expect(standing({ subject: 'RE: your order' })).toMatchObject({ SUBJECT: 'NEEDS_PERSON' });
  });

  it('finds missing what nobody who reads it sees', () => {
    expect(standing({ htmlBody: '<p>Hello</p><!--', senderName: ' ' })).toMatchObject({
      ...{ SENDER: 'MISSING', POSTAL_ADDRESS: 'MISSING', UNSUBSCRIBE: 'MISSING' },
    });
  });

  it.each([
    ['US', { textBody: 'Advertisement. News of spring' }],
    ['EU', { subject: 'Anzeige: Frühling' }],
    ['KR', { subject: '(광고) 봄' }],
    ['CN', { subject: '广告 春天' }],
    ['SG', { subject: '<ADV> Spring' }],
  ])('knows the label of %s', (country, change) => {
    expect(standing(change)).toMatchObject({ [`ADVERTISEMENT_LABEL ${country}`]: 'MET' });
  });

  it.each([
    ['KR', { subject: '봄 (광고)' }],
    ['CN', { subject: 'Adventure' }],
    ['SG', { textBody: '<ADV>' }],
  ])('does not take for the label of %s what stands elsewhere', (country, change) => {
    expect(standing(change)).toMatchObject({ [`ADVERTISEMENT_LABEL ${country}`]: 'NEEDS_PERSON' });
  });

  it('misses a label that a law wants whoever agreed, where people of the list live, until somebody says why', () => {
    const living = new Map([
      ['KR', 3n],
      ['SG', 2n],
      ['DE', 4n],
      ['FR', 1n],
    ]);
    const labels = (isWaived: boolean, change: Partial<ReviewedText> = {}) =>
      itemsOf(text(change), living, isWaived)
        .filter(({ jurisdiction }) => jurisdiction !== '')
        .map(({ jurisdiction, people, state }) => [
          jurisdiction,
          people,
          campaignsV1.reviewStateToJSON(state),
        ]);
    const open = 'REVIEW_STATE_NEEDS_PERSON';
    const others = [
      ['CN', 0n, open],
      ['SG', 2n, open],
    ];
    const before = [
      ['US', 0n, open],
      ['EU', 5n, open],
    ];
    expect(labels(false)).toEqual([...before, ['KR', 3n, 'REVIEW_STATE_MISSING'], ...others]);
    expect(labels(true)).toEqual([...before, ['KR', 3n, open], ...others]);
    const labelled = labels(false, { subject: '(광고) 봄' });
    expect(labelled).toEqual([...before, ['KR', 3n, 'REVIEW_STATE_MET'], ...others]);
  });

  it('names a source for each', () => {
    for (const item of itemsOf(text())) expect(item).toMatchObject({ source: expect.stringMatching(/\d/) });
  });

  it('wants of a script that it says who calls', () => {
    expect(itemsOf(text({ channel: 'voice', subject: '' }))).toEqual([
      expect.objectContaining({
        requirement: Requirement.REQUIREMENT_SENDER,
        state: ReviewState.REVIEW_STATE_MET,
      }),
    ]);
  });
});
