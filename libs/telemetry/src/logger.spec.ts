import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@heed/kernel';
import { type AllowedFields, logger, withSpan } from './index.js';
import { sendLogLines } from './log-lines.js';

const TENANT = '01890000-0000-7000-8000-000000000001';

function capture(scope: AllowedFields = {}) {
  const lines: string[] = [];
  const log = logger(scope, {
    write: (line) => lines.push(line),
    clock: { now: () => new Date('2026-11-02T10:00:00Z') },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
}

describe('the logger', () => {
  it('writes one JSON line with time, level, message, scope and fields', () => {
    const { log, lines, last } = capture({ service: 'contacts' });
    log.with({ tenantId: TENANT }).info('import finished', { rows: 10, ms: 3.5 });
    expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(last()).toEqual({
      time: '2026-11-02T10:00:00.000Z',
      level: 'info',
      msg: 'import finished',
      service: 'contacts',
      tenantId: TENANT,
      rows: 10,
      ms: 3.5,
    });
  });

  it('4.1 leaves out a field that is not on the list, even behind a cast', () => {
    const { log, lines } = capture();
    log.info('stored', { email: 'jane@example.org' } as AllowedFields);
    expect(lines[0]).not.toContain('jane');
  });

  it('withholds a value that is not of the kind of its field', () => {
    const { log, last } = capture();
    const fields = {
      tenantId: 'jane@example.org',
      route: '/u/jane doe',
      store: '+4915112345678',
      count: '7',
    };
    log.info('stored', fields as unknown as AllowedFields);
    expect(last()).toMatchObject({
      tenantId: '[withheld]',
      route: '[withheld]',
      store: '[withheld]',
      count: '[withheld]',
    });
  });

  it('withholds a message that somebody filled in', () => {
    const { log, lines } = capture();
    log.info(`mail to ${'jane@example.org'}`);
    log.info(`call ${'+49 151 12345678'}`);
    expect(lines.join('')).not.toMatch(/jane|12345678/);
  });

  it('reduces an error to what it is and where it happened', () => {
    const { log, lines, last } = capture();
    const driver = Object.assign(new Error('duplicate key: (email)=(jane@example.org) already exists'), {
      name: 'QueryFailedError',
      code: '23505',
      constraint: 'endpoint_address_key',
      detail: 'Key (email)=(jane@example.org) already exists.',
      parameters: ['jane@example.org'],
    });
    log.error('import failed', {
      error: new DomainError('ENDPOINT_TAKEN', 'already-exists', {
        message: 'jane@example.org is taken',
        cause: driver,
      }),
    });
    expect(lines[0]).not.toContain('jane');
    expect(last()['error']).toMatchObject({
      name: 'DomainError',
      reason: 'ENDPOINT_TAKEN',
      at: expect.arrayContaining([expect.stringMatching(/logger\.spec\.ts:\d+:\d+$/)]),
      cause: { sqlstate: '23505', constraint: 'endpoint_address_key' },
    });
  });

  it('does not take a line of a message for a line of code', () => {
    const { log, lines } = capture();
    log.error('failed', { error: new Error('first\n    at jane@example.org (call me)') });
    expect(lines[0]).not.toContain('jane');
  });

  it('names the trace that is running', () => {
    const { log, last } = capture();
    withSpan('permit.issue', {}, () => log.info('issued'));
    expect(last()).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('writes where lines are sent to, whenever it was made, unless it was given a place of its own', () => {
    const before = logger({ component: 'spec' });
    const lines: string[] = [];
    const { log, lines: own } = capture();
    sendLogLines((line) => lines.push(line));
    before.warn('kept');
    log.warn('elsewhere');
    expect(lines).toEqual([expect.stringContaining('"kept"')]);
    expect(own).toEqual([expect.stringContaining('"elsewhere"')]);
  });
});
