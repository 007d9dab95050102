import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readyLine } from './service-process.js';

describe('waiting for the line ready', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-ready-'));
    file = join(folder, 'service.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('sees it however the log grows', () => {
    const look = readyLine(file, 0);
    expect(look()).toBeUndefined();
    appendFileSync(file, 'warning: not JSON\n{"msg":"starting"}\n{"msg":"rea');
    expect(look()).toBeUndefined();
    appendFileSync(file, 'dy","grpc":5}\n');
    expect(look()).toEqual({ msg: 'ready', grpc: 5 });
  });

  it('does not take the line of an earlier run for its own', () => {
    appendFileSync(file, '{"msg":"ready"}\n');
    const look = readyLine(file, 16);
    expect(look()).toBeUndefined();
    appendFileSync(file, '{"msg":"ready","run":2}\n');
    expect(look()).toEqual({ msg: 'ready', run: 2 });
  });
});
