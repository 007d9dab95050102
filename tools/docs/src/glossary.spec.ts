import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '@heed/contracts';
import { root } from './place.js';

const page = readFileSync(join(root, 'docs/GLOSSARY.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| term '))
  .map((line) => line.split('|').map((cell) => cell.trim()));

const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** Tables of the six as migrations make them: `contacts.permit`, `heed.outbox`; columns behind them. */
const tables = new Map<string, string>();
for (const service of SERVICES) {
  const schema = readFileSync(join(root, 'services', service, 'schema.sql'), 'utf8');
  for (const [, place, name = '', columns = ''] of schema.matchAll(
    /^create table (\w+)\.(\w+) \(([^]*?)^\)/gm,
  )) {
    tables.set(`${place === 'public' ? service : place}.${name}`, columns);
  }
}

const protos = readdirSync(join(root, 'proto/heed'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.proto'))
  .map((file) => readFileSync(join(root, 'proto/heed', file), 'utf8'))
  .join('\n');

describe('the glossary', () => {
  it('names tables and columns that the services have', () => {
    const named = rows.flatMap((cells) => codesIn(cells[3])).filter((code) => /^\w+\.\w+/.test(code));
    expect(named.length).toBeGreaterThan(20);
    const unknown = named.filter((code) => {
      const [place = '', table = '', column = ''] = code.split('.');
      const columns = tables.get(`${place}.${table}`);
      return columns === undefined || !new RegExp(`\\b${column}`).test(columns);
    });
    expect(unknown).toEqual([]);
  });

  it('names messages, calls and values that the contracts have', () => {
    const named = rows.flatMap((cells) => codesIn(cells[4]));
    expect(named.length).toBeGreaterThan(15);
    const unknown = named.filter((code) => {
      const [, name = code] = /^heed\.\w+\.v1\.(\w+)$/.exec(code) ?? [];
      return name.split('.').some((part) => !new RegExp(`\\b${part}\\b`).test(protos));
    });
    expect(unknown).toEqual([]);
  });
});
