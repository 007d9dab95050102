import { describe, expect, it } from '@jest/globals';
import { markedPart, rowsOf, table, wordsIn, withPart } from './marked.js';

const page = `before
<!-- things: made by npm run docs -->
| thing | holds |
|---|---|
| \`a\` | said by hand, a \\| b |
| \`b\` |  |
<!-- end of things -->
after
`;

describe('a page with a part that is made', () => {
  it('keeps what stands around it', () => {
    const changed = withPart(page, 'things', table(['thing'], [['`c`']]));
    expect(changed).toMatch(/^before\n[^]*\nafter\n$/);
    expect(markedPart(changed, 'things')).toBe('| thing |\n|---|\n| `c` |');
  });

  it('gives back the words that people wrote, by the first column', () => {
    expect(wordsIn(page, 'things', 1)).toEqual(
      new Map([
        ['`a`', 'said by hand, a \\| b'],
        ['`b`', ''],
      ]),
    );
  });

  it('is made of rows that read as they were written', () => {
    const rows = [
      ['`a`', 'x'],
      ['`b`', ''],
    ];
    expect(rowsOf(table(['thing', 'holds'], rows))).toEqual(rows);
  });

  it('says which mark is missing', () => {
    expect(() => withPart(page, 'others', '')).toThrow('<!-- others: made by npm run docs -->');
  });
});
