import { describe, expect, it } from '@jest/globals';
import { gate } from '@heed/testing';
import { Gatherer } from './opt-out-gatherer.js';

describe('a gatherer', () => {
  const keyOf = (item: string) => item;

  it('writes at once who comes alone, and together who came while others were written', async () => {
    const door = gate();
    const groups: string[][] = [];
    const gatherer = new Gatherer<string>({
      keyOf,
      write: async (_, items) => {
        groups.push([...items]);
        if (groups.length <= 3) await door();
      },
    });
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((item) => gatherer.add('acme', item));
    await door.reached;
    door.open();
    await Promise.all(all);
    expect(groups).toEqual([['a'], ['b'], ['c'], ['d', 'e', 'f']]);
  });

  it('puts the same person into a group once, and none of another tenant', async () => {
    const groups: string[] = [];
    const door = gate();
    const gatherer = new Gatherer<string>({
      keyOf,
      write: async (tenantId, items) => {
        groups.push(`${tenantId}: ${items.join(' ')}`);
        if (groups.length <= 4) await door();
      },
    });
    const all = ['x', 'y', 'z', 'a', 'a', 'b'].map((item) => gatherer.add('acme', item));
    all.push(gatherer.add('other', 'a'));
    await door.reached;
    door.open();
    await Promise.all(all);
    expect(groups).toEqual(['acme: x', 'acme: y', 'acme: z', 'other: a', 'acme: a b', 'acme: a']);
  });

  it('writes a group that fails one by one: nobody fails for the sake of another', async () => {
    const door = gate();
    const alone: string[] = [];
    let begun = 0;
    const gatherer = new Gatherer<string>({
      keyOf,
      write: async (_, items) => {
        begun += 1;
        if (begun <= 3) return void (await door());
        if (items.length > 1 || items[0] === 'bad') throw new Error('refused');
        alone.push(items[0]!);
      },
    });
    const first = ['1', '2', '3'].map((item) => gatherer.add('acme', item));
    const rest = ['good', 'bad', 'fine'].map((item) => gatherer.add('acme', item));
    const settled = Promise.allSettled(rest);
    door.open();
    await Promise.all(first);
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(alone.sort()).toEqual(['fine', 'good']);
  });
});
