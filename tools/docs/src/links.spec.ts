import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultOf, filesNamedIn, isThere, linksIn, missingIn, pages, placesIn, type Link } from './links.js';
import { root } from './place.js';

const said = ({ page, line, target }: Link, fault: string): string => `${page}:${line} ${target} ${fault}`;
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

describe('the pages of the repository', () => {
  it('link to what is there, headings included', () => {
    const links = pages().flatMap((page) => linksIn(page, textOf(page)));
    expect(links.length).toBeGreaterThan(40);
    const broken = links.flatMap((link) => {
      const fault = faultOf(link);
      return fault === undefined ? [] : [said(link, fault)];
    });
    expect(broken).toEqual([]);
  });

  it('tell the reader to look for names that the files have', () => {
    const places = pages().flatMap((page) => placesIn(page, textOf(page)));
    expect(places.flatMap(({ names }) => names).length).toBeGreaterThan(30);
    expect(places.flatMap((place) => missingIn(place).map((name) => said(place, `has no ${name}`)))).toEqual(
      [],
    );
  });

  it('name files that are there', () => {
    const named = pages().flatMap((page) => filesNamedIn(page, textOf(page)));
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((file) => !isThere(file)).map((file) => said(file, 'is not there'))).toEqual([]);
  });
});

describe('a link', () => {
  const page = 'docs/errors.md';

  it('is looked for from its page, and its anchor among the headings there', () => {
    const [file, heading, gone, lost] = linksIn(
      page,
      '[a](settings.md) [b](../docs/errors.md#of-the-services)\n[c](nowhere.md) [d](#no-such-heading)',
    ).map(faultOf);
    expect([file, heading]).toEqual([undefined, undefined]);
    expect([gone, lost]).toEqual(['is not there', 'has no such heading']);
  });

  it('is none within a fence, nor to another site', () => {
    expect(linksIn(page, '```\n[a](b.md)\n```\n[c](https://example.org/)')).toEqual([]);
  });
});
