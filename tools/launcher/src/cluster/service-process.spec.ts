import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readyLine, ServiceProcess } from './service-process.js';

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

describe('a service as a process', () => {
  it('keeps its young generation small, and heeds the flags that it was given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-service-'));
    const main = join(folder, 'main.mjs');
    writeFileSync(
      main,
      `import { getHeapSpaceStatistics } from 'node:v8';
       const kept = [];
       for (let n = 0; n < 2_000_000; n += 1) kept[n % 50_000] = { n };
       const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size;
       console.log(JSON.stringify({ msg: 'ready', youngMb: young / 1_048_576, collects: typeof gc }));
       setInterval(() => undefined, 60_000);`,
    );
    const service = new ServiceProcess({
      ...{ name: 'contacts', main, imports: [], nodeFlags: ['--expose-gc'], settings: {} },
      logFile: join(folder, 'service.log'),
      onUnexpectedEnd: () => undefined,
    });
    try {
      const { youngMb, collects } = await service.start();
      expect(youngMb).toBeLessThanOrEqual(24);
      expect(collects).toBe('function');
    } finally {
      await service.stop(5_000);
      rmSync(folder, { recursive: true });
    }
  });

  it('is told of where somebody else kills it, and can be started again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heed-service-'));
    const main = join(folder, 'main.mjs');
    writeFileSync(main, `console.log('{"msg":"ready"}'); setInterval(() => undefined, 60_000);`);
    let tell: (how: string) => void = () => undefined;
    const told = new Promise<string>((resolve) => (tell = resolve));
    const service = new ServiceProcess({
      ...{ name: 'contacts', main, imports: [], settings: {}, logFile: join(folder, 'service.log') },
      onUnexpectedEnd: (_name, how) => tell(how),
    });
    try {
      await service.start();
      expect(service.hasEnded).toBe(false);
      process.kill(service.pid!, 'SIGKILL');
      expect(await told).toBe('ended by SIGKILL');
      expect(service.hasEnded).toBe(true);
      await service.start();
      expect(service.hasEnded).toBe(false);
    } finally {
      await service.stop(5_000);
      rmSync(folder, { recursive: true });
    }
  });
});
