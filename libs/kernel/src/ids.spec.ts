import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.js';
import { chunked } from './chunked.js';
import { derivedId, isUuid, newId } from './ids.js';

describe('ids', () => {
  it('grow with time', () => {
    const ids = Array.from({ length: 1000 }, () => newId());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
  });

  it('follow from their parts, and from nothing else', () => {
    const namespace = newId();
    expect(derivedId(namespace, 'a', 'bc')).toBe(derivedId(namespace, 'a', 'bc'));
    expect(derivedId(namespace, 'a', 'bc')).not.toBe(derivedId(namespace, 'ab', 'c'));
    expect(derivedId(newId(), 'a', 'bc')).not.toBe(derivedId(namespace, 'a', 'bc'));
    expect(isUuid(derivedId(namespace, 'a'))).toBe(true);
    expect(isUuid('not-an-id')).toBe(false);
  });
});

describe('canonical JSON', () => {
  it('sorts keys and writes numbers and text as RFC 8785 does', () => {
    // The sample of RFC 8785, section 3.2.3.
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('refuses what has no JSON form', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
  });
});

describe('chunked', () => {
  it('cuts into consecutive slices', () => {
    expect([...chunked([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...chunked([], 2)]).toEqual([]);
    expect(() => [...chunked([1], 0)]).toThrow(RangeError);
  });
});
