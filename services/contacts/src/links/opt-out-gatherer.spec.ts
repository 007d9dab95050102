import { describe, expect, it } from '@jest/globals';
import { gate } from '@heed/testing';
import { Gatherer } from './opt-out-gatherer.js';

describe('a gatherer', () => {
  const keyOf = (item: string) => item;
  /** Nothing takes long. */
  const wait = (_: number, over?: AbortSignal) =>
    new Promise<void>((_resolve, reject) => over?.addEventListener('abort', () => reject(new Error('over'))));

  it('writes at once who comes alone, and together who came while others were written', async () => {
    const door = gate();
    const groups: string[][] = [];
    const gatherer = new Gatherer<string>({
      ...{ keyOf, wait },
      write: async (_, items) => {
        groups.push([...items]);
        if (groups.length === 1) await door();
      },
    });
    const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((item) => gatherer.add('acme', item));
    await door.reached;
    door.open();
    await Promise.all(all);
    expect(groups).toEqual([['a'], ['b', 'c', 'd', 'e', 'f']]);
  });

  it('lets others pass a group that takes long', async () => {
    const [door, clock] = [gate(), gate()];
    const groups: string[][] = [];
    const gatherer = new Gatherer<string>({
      keyOf,
      wait: () => clock(),
      write: async (_, items) => {
        groups.push([...items]);
        if (items.length === 1) await door();
      },
    });
    const first = gatherer.add('acme', 'held');
    const others = ['a', 'b'].map((item) => gatherer.add('acme', item));
    expect(groups).toEqual([['held']]);
    clock.open();
    await Promise.all(others);
    expect(groups).toEqual([['held'], ['a', 'b']]);
    const held = ['c', 'd', 'e'].map((item) => gatherer.add('acme', item));
    await clock.reached;
    door.open();
    await Promise.all([first, ...held]);
    expect(groups.slice(2).flat().sort()).toEqual(['c', 'd', 'e']);
  });

  it('puts the same person into a group once, and none of another tenant', async () => {
    const groups: string[] = [];
    const door = gate();
    const gatherer = new Gatherer<string>({
      ...{ keyOf, wait },
      write: async (tenantId, items) => {
        groups.push(`${tenantId}: ${items.join(' ')}`);
        if (groups.length <= 2) await door();
      },
    });
    const all = ['x', 'a', 'a', 'b'].map((item) => gatherer.add('acme', item));
    all.push(gatherer.add('other', 'a'));
    await door.reached;
    door.open();
    await Promise.all(all);
    expect(groups).toEqual(['acme: x', 'other: a', 'acme: a b', 'acme: a']);
  });

  it('writes a group that fails one by one: nobody fails for the sake of another', async () => {
    const door = gate();
    const alone: string[] = [];
    let begun = 0;
    const gatherer = new Gatherer<string>({
      ...{ keyOf, wait },
      write: async (_, items) => {
        begun += 1;
        if (begun === 1) return void (await door());
        if (items.length > 1 || items[0] === 'bad') throw new Error('refused');
        alone.push(items[0]!);
      },
    });
    const first = gatherer.add('acme', '1');
    const rest = ['good', 'bad', 'fine'].map((item) => gatherer.add('acme', item));
    const settled = Promise.allSettled(rest);
    door.open();
    await first;
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(alone.sort()).toEqual(['fine', 'good']);
  });
});
