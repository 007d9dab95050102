import { describe, expect, it } from '@jest/globals';
import { startTags } from './start-tags.js';

const seen = (html: string) =>
  startTags(html).map(({ name, attributes }) => [
    name,
    Object.fromEntries(Array.from(attributes, ([key, { start, end }]) => [key, html.slice(start, end)])),
  ]);

describe('the tags of an HTML text', () => {
  it.each<[string, unknown[]]>([
    ['<a href="x">', [['a', { href: 'x' }]]],
    ["<A HREF = 'x y' class=b>", [['a', { href: 'x y', class: 'b' }]]],
    ['<a href=x/y>', [['a', { href: 'x/y' }]]],
    ['<a\n\thref\n=\n"x">', [['a', { href: 'x' }]]],
    ['<a href>', [['a', { href: '' }]]],
    ['<a href="x" href="y">', [['a', { href: 'x' }]]],
    ['<a title="a > b" href="x">', [['a', { title: 'a > b', href: 'x' }]]],
    ['<a/href="x"/>', [['a', { href: 'x' }]]],
    ['a < b <b>', [['b', {}]]],
    ['<a href="x"', []],
    ['<a href="x>', []],
    ['</a href="x"><b>', [['b', {}]]],
    ['<!-- <a href="x"> --><b>', [['b', {}]]],
    ['<!--><b>', [['b', {}]]],
    ['<!-- --!><b>', [['b', {}]]],
    ['<!-- <b>', []],
    ['<!doctype html><b>', [['b', {}]]],
    ['<?xml <a href="x">?><b>', [['b', {}]]],
    ['</ <a><b>', [['b', {}]]],
    [
      '<script><a href="x"></script><b>',
      [
        ['script', {}],
        ['b', {}],
      ],
    ],
    [
      '<style></a><a></STYLE ><b>',
      [
        ['style', {}],
        ['b', {}],
      ],
    ],
    ['<title><a></title', [['title', {}]]],
    ['<plaintext><a>', [['plaintext', {}]]],
    ['', []],
  ])('in %j are as a browser sees them', (html, tags) => {
    expect(seen(html)).toEqual(tags);
  });

  it('of the largest template are found, whatever is in it', () => {
    const pieces = ['<a ', '<', '<!--', '</', '<a href="', '<script>', "<a b='", '<a =', '<title></title'];
    for (const piece of pieces) startTags(piece.repeat(262_144 / piece.length));
    const names = Array.from({ length: 40_000 }, (_, n) => `a${n}`);
    expect(startTags(`<a ${names.join(' ')}>`)[0]!.attributes.size).toBe(40_000);
  });
});
