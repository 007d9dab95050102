import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataRightsMigrations, DueWork } from '@heed/data-rights';
import { newId } from '@heed/kernel';
import { sqlstate, UnitOfWork, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { brokenLink, type AuditFact } from './audit-chain.js';
import { auditPage, type AuditFilter } from './audit.store.js';
import { RecordAccess } from './record-access.js';

const own = { name: 'privacy', directory: new URL('../../migrations/', import.meta.url) };
const fact = (more: Partial<AuditFact> = {}): AuditFact => ({
  entryId: newId(),
  at: new Date('2026-11-23T10:00:00Z'),
  actorId: newId(),
  action: '/heed.contacts.v1.ContactsService/RevealContact',
  service: 'contacts',
  ...more,
});

describe('the audit log', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  let record: RecordAccess;
  let due: DueWork;
  const clock = new TestClock();
  const newestFirst = async (tenant: string) => {
    await record.chainNow(tenant);
    return uow.run(tenant, (tx) => auditPage(tx, { at: {}, limit: 1000 }));
  };

  beforeAll(async () => {
    test = await createTestDatabase('privacy', [dataRightsMigrations, own]);
    database = test.open();
    uow = new UnitOfWork(database);
    due = new DueWork({ work: uow, clock, log: logger({}, { write: () => undefined }) });
    record = new RecordAccess(uow, due, clock);
    record.onModuleInit();
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('keeps one chain in order, however many write at once, and takes each entry once', async () => {
    const tenant = newId();
    const facts = Array.from({ length: 60 }, () => fact());
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => record.record(tenant, facts.slice(i * 5, i * 5 + 10))),
    );
    await Promise.all(Array.from({ length: 3 }, () => record.chainNow(tenant)));
    await record.record(tenant, facts.slice(0, 5));
    const entries = (await newestFirst(tenant)).reverse();
    expect(entries.map(({ seq }) => seq)).toEqual(facts.map((_, i) => BigInt(i + 1)));
    expect(new Set(entries.map(({ entryId }) => entryId))).toEqual(
      new Set(facts.map(({ entryId }) => entryId)),
    );
    expect(brokenLink(entries, tenant)).toBeUndefined();
  });

  it('chains soon what nobody reads, all that waits together', async () => {
    const tenant = newId();
    for (let i = 0; i < 4; i++) await record.record(tenant, [fact(), fact()]);
    const chained = () => uow.run(tenant, (tx) => auditPage(tx, { at: {}, limit: 1000 }));
    expect(await chained()).toEqual([]);
    await clock.advance(200);
    await due.runDue();
    expect((await chained()).map(({ seq }) => seq)).toEqual([8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n]);
    expect(brokenLink((await chained()).reverse(), tenant)).toBeUndefined();
  });

  it('shows an entry that was changed, and one that was taken out', async () => {
    const tenant = newId();
    await record.record(tenant, [fact(), fact(), fact({ subjectId: newId() }), fact()]);
    const entries = (await newestFirst(tenant)).reverse();
    const changed = entries.map((entry, i) => (i === 2 ? { ...entry, subjectId: newId() } : entry));
    expect(brokenLink(changed, tenant)?.seq).toBe(3n);
    expect(brokenLink(entries.toSpliced(1, 1), tenant)?.seq).toBe(3n);
  });

  it('is looked through by actor, subject, action, service and time', async () => {
    const [tenant, subjectId, actorId] = [newId(), newId(), newId()];
    const at = new Date('2026-11-24T10:00:00Z');
    const [one, two] = [fact({ subjectId, at }), fact({ actorId, action: '/x.Y/Z', service: 'privacy' })];
    await record.record(tenant, [one, two]);
    await record.chainNow(tenant);
    const found = (filter: Partial<AuditFilter>) =>
      uow.run(tenant, async (tx) =>
        (await auditPage(tx, { at: {}, limit: 10, ...filter })).map(({ entryId }) => entryId),
      );
    expect(await found({})).toEqual([two.entryId, one.entryId]);
    expect(await found({ subjectId })).toEqual([one.entryId]);
    for (const filter of [{ actorId }, { action: '/x.Y/Z' }, { service: 'privacy' }, { at: { until: at } }]) {
      expect(await found(filter)).toEqual([two.entryId]);
    }
    expect(await found({ at: { from: at } })).toEqual([one.entryId]);
    expect(await found({ at: { from: at }, actorId })).toEqual([]);
  });

  it('cannot be changed by the service, nor seen by another tenant', async () => {
    const tenant = newId();
    await record.record(tenant, [fact()]);
    expect(await newestFirst(newId())).toEqual([]);
    const change = uow.run(tenant, (tx) => tx.execute("update audit_entry set action = 'x'"));
    expect(sqlstate(await change.catch((error: unknown) => error))).toBe('42501');
  });
});
