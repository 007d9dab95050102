import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it.each<[string, unknown]>([
    ['members out of order, at every depth', { b: [{ z: 1, a: '' }], a: { d: null, c: true } }],
    ['members named by numbers', { 10: 'a', 9: 'b', x: { 2: 0, 1: 0, '-1': 0, '01': 0 } }],
    ['members whose order is that of UTF-16 and not of characters', { '\u{1F600}': 1, '\uFB33': 2, ö: 3 }],
    [
      'an empty name, and one of the prototype',
      JSON.parse('{"": 1, "__proto__": 2, "constructor": 3, "a": 4}'),
    ],
    ['numbers', [0, -0, 1e21, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, -1.5, 333333333.33333329]],
    ['text that must be escaped', '\u0000\u001f"\\/\b\f\n\r\t\u007f\u2028é'],
    ['what JSON leaves out', { a: undefined, b: [undefined, () => 1], c: Symbol('x'), d: 1 }],
    ['what has a form of its own', { at: new Date(0), bytes: Buffer.from('a'), list: [new Date(1)] }],
    ['what has no prototype', Object.assign(Object.create(null) as object, { b: 1, a: 2 })],
    ['deep', Array.from({ length: 40 }).reduce<unknown>((inner) => ({ b: inner, a: 1 }), 0)],
    ['a number', 7],
    ['a text', 'x'],
    ['nothing', null],
  ])('writes what the library writes: %s', (_name, value) => {
    expect(canonicalJson(value)).toBe(canonicalize(value));
  });

  it.each<[string, unknown]>([
    ['half a character', { a: '\uD800' }],
    ['half a character in a name', { '\uDC00': 1 }],
    ['no number', [NaN]],
    ['infinity', { a: -Infinity }],
    ['what is inside itself', loop()],
    ['nothing at all', undefined],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value)).toThrow();
  });
});

function loop(): unknown {
  const outer: Record<string, unknown> = {};
  outer.outer = { outer };
  return outer;
}
