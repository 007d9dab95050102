import { describe, expect, it } from '@jest/globals';
import { findingsIn, isUnlawful } from './review.js';

const text = (change: Partial<Parameters<typeof findingsIn>[0]> = {}) => ({
  ...{
    channel: 'email' as const,
    subject: 'News of {{ first_name }}',
    textBody: 'Hello',
    htmlBody: '<p>Hello</p>',
  },
  ...{ senderName: 'Acme', postalAddress: '1 Main Street & Co\nSpringfield' },
  ...change,
});

describe('a review', () => {
  it.each([
    'News',
    'Regarding your order: it has come',
    'ACME news',
    'Your IBM PC',
    '{{ first_name }}, what do you think?',
    'Report: 30% more',
  ])('finds nothing in %j', (subject) => {
    expect(findingsIn(text({ subject }))).toEqual([]);
  });

  it.each([
    ['subject_like_reply', 'Re: your question'],
    ['subject_like_reply', 'FWD : the offer'],
    ['subject_like_reply', '{{ first_name }} AW: Angebot'],
    ['subject_like_reply', 'Re[2]: hello'],
    ['subject_shouts', 'LAST CHANCE {{ first_name }}'],
    ['subject_presses', 'Only today!!!'],
  ])('finds %s in %j, which a second person may approve', (finding, subject) => {
    expect(findingsIn(text({ subject }))).toEqual([finding]);
    expect(isUnlawful(finding as never)).toBe(false);
  });

  it.each([
    '<p>Hello</p><!--',
    '<p>Hello</p><style>',
    '<p>Hello</p><TEXTAREA rows=1>',
    '<title>Hello <p>there</p>',
  ])('finds a footer that nobody sees behind %j, which nobody may approve', (htmlBody) => {
    const findings = findingsIn(text({ htmlBody }));
    expect(findings).toEqual(['unsubscribe_hidden', 'postal_address_hidden']);
    expect(findings.every(isUnlawful)).toBe(true);
  });

  it('is not taken in by what is closed before the footer', () => {
    const htmlBody = '<style>p { color: red }</style><!-- a note --><title>News</title><p>Hello</p>';
    expect(findingsIn(text({ htmlBody }))).toEqual([]);
  });

  it('has nothing to say of a script', () => {
    expect(findingsIn(text({ channel: 'voice', subject: '' }))).toEqual([]);
  });
});
