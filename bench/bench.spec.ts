import { describe, expect, it } from '@jest/globals';
import { rowOf, type Figure } from './bench.js';
import { tableOf } from './table.js';

const figure = (more: Partial<Figure>): Figure => ({
  ...{ name: 'mails', value: 512.34, unit: 'mails/s', floor: 2_000, aim: { atLeast: 500 } },
  ...more,
});

describe('a row', () => {
  it('bears the ratio to its floor and whether the value met the aim', () => {
    expect(rowOf(figure({}))).toEqual({
      ...{ name: 'mails', value: 512, unit: 'mails/s', floor: 2_000, ratio: 0.256, aim: '>= 500', met: true },
    });
    expect(rowOf(figure({ value: 499.9 })).met).toBe(false);
    expect(rowOf(figure({ value: 51, aim: { atMost: 50 } }))).toMatchObject({ aim: '<= 50', met: false });
  });

  it('is held against the ratio where the aim is about it, before anything is rounded', () => {
    const row = rowOf(figure({ value: 249.9, floor: 1_000, aim: { of: 'ratio', atLeast: 0.25 } }));
    expect(row).toMatchObject({ ratio: 0.25, aim: 'ratio >= 0.25', met: false });
  });
});

describe('the table', () => {
  it('says NO where an aim was missed', () => {
    const table = tableOf([
      rowOf(figure({})),
      rowOf(figure({ name: 'slow', value: 12_345, aim: { atMost: 1 } })),
    ]);
    expect(table.split('\n')).toEqual([
      'row     value  unit     floor  ratio  aim     met',
      '-----  ------  -------  -----  -----  ------  ---',
      'mails     512  mails/s  2,000  0.256  >= 500  yes',
      'slow   12,300  mails/s  2,000   6.17  <= 1    NO',
    ]);
  });
});
