import { describe, expect, it } from '@jest/globals';
import { parseFlags } from './flags.js';

const place = { cwd: '/home/me', root: '/clone' };

describe('flags', () => {
  it('have defaults: ten thousand contacts, data in the clone', () => {
    expect(parseFlags([], place)).toEqual({ once: false, size: 10_000, data: '/clone/.heed' });
  });

  it('read files from where the user stands, not from where npm runs', () => {
    const flags = parseFlags(['--contacts', 'people.csv', '--report', 'out/r.json', '--data', 'd'], place);
    expect(flags).toMatchObject({
      contacts: '/home/me/people.csv',
      report: '/home/me/out/r.json',
      data: '/home/me/d',
    });
  });

  it.each([
    [['--size', 'many'], /--size many/],
    [['--size', '0'], /--size 0/],
    [['--bus', 'rabbit'], /--bus rabbit: kafka or embedded/],
    [['--onec'], /onec/],
    [['people.csv'], /people\.csv/],
  ])('refuse %j', (argv, message) => {
    expect(() => parseFlags(argv, place)).toThrow(message);
  });
});
