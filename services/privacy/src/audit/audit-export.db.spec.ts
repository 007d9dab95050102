import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dataRightsMigrations, DueWork } from '@heed/data-rights';
import { isDomainError, newId, SigningKey, type Caller } from '@heed/kernel';
import { UnitOfWork, type Database } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type TestDatabase } from '@heed/testing';
import { verifyAudit } from '@heed/verifier';
import { LogKey } from '../log/checkpoint.js';
import { LogKeyRing } from '../log/log-signers.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { AnchorChain } from './anchor-chain.js';
import { ExportAuditLog } from './export-audit-log.js';
import { RecordAccess } from './record-access.js';

const own = { name: 'privacy', directory: new URL('../../migrations/', import.meta.url) };

describe('an exported audit log', () => {
  let test: TestDatabase;
  let database: Database;
  let uow: UnitOfWork;
  let due: DueWork;
  let record: RecordAccess;
  let exporting: ExportAuditLog;
  let tenantId: string;
  const key = new LogKey('heed.test/log', SigningKey.generate());
  const clock = new TestClock();

  beforeAll(async () => {
    test = await createTestDatabase('privacy', [dataRightsMigrations, own]);
    database = test.open();
    uow = new UnitOfWork(database);
    due = new DueWork({ work: uow, clock, log: logger({}, { write: () => undefined }) });
    const log = new TransparencyLog(uow, new LogKeyRing(key), clock, logger({}, { write: () => undefined }));
    await log.onModuleInit();
    record = new RecordAccess(uow, due, clock);
    record.onModuleInit();
    new AnchorChain(uow, due, log, clock).onModuleInit();
    exporting = new ExportAuditLog(uow, log, record, clock);
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  beforeEach(() => {
    tenantId = newId();
  });

  async function write(entries: number): Promise<void> {
    const facts = Array.from({ length: entries }, () => ({
      ...{ entryId: newId(), at: clock.now(), actorId: newId(), action: '/a.B/C', service: 'contacts' },
      subjectId: newId(),
    }));
    await record.record(tenantId, facts);
  }

  /** Ten minutes later all that was written is chained, and its end is in the log. */
  async function anchored(entries: number): Promise<void> {
    await write(entries);
    await clock.advance(1_000);
    await due.runDue();
    await clock.advance(11 * 60_000);
    await due.runDue();
  }

  async function exported(): Promise<string[]> {
    const caller = { tenantId, actorId: newId(), method: '/heed.privacy.v1.AuditService/ExportAuditLog' };
    let text = '';
    for await (const chunk of exporting.export(caller as Caller)) text += chunk.toString();
    return text.trimEnd().split('\n');
  }

  const verified = (lines: readonly string[], vkey = key.vkey) =>
    verifyAudit(
      (async function* () {
        yield* lines;
      })(),
      vkey,
    );
  const refusal = async (lines: readonly string[], vkey?: string): Promise<string> => {
    const error: unknown = await verified(lines, vkey).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return isDomainError(error) ? error.reason : String(error);
  };

  it('verifies offline: every entry, and how many of them the log knew of and when', async () => {
    await anchored(3);
    const at = clock.now().toISOString();
    await anchored(600);
    await write(2);
    // The last one is the export itself.
    expect(await verified(await exported())).toMatchObject({
      ...{ tenant: tenantId, entries: 606, anchors: 2, anchored: 603 },
      log: { origin: 'heed.test/log' },
    });
    const early = (await exported()).slice(0, 5);
    expect(await verified(early)).toMatchObject({ entries: 3, anchors: 1, anchored: 3, anchoredAt: at });
  });

  it('verifies without any proof yet, and says that nothing is anchored', async () => {
    expect(await verified(await exported())).toMatchObject({ entries: 1, anchors: 0, anchored: 0 });
  });

  it('shows an entry that was changed, taken out, put in or exchanged, and one of another tenant', async () => {
    await anchored(4);
    const lines = await exported();
    const changed = lines.with(2, lines[2]!.replace('/a.B/C', '/a.B/D'));
    expect(await refusal(changed)).toBe('AUDIT_CHAIN_BROKEN');
    expect(await refusal(lines.toSpliced(2, 1))).toBe('AUDIT_CHAIN_BROKEN');
    expect(await refusal(lines.toSpliced(2, 0, lines[2]!))).toBe('AUDIT_CHAIN_BROKEN');
    expect(await refusal(lines.with(2, lines[2]!.replaceAll(tenantId, newId())))).toBe('AUDIT_CHAIN_BROKEN');
    expect(await refusal(lines.with(2, `${lines[2]!} `))).toBe('AUDIT_MALFORMED');
  });

  it('shows a whole chain that was written anew: the log had committed to another one', async () => {
    await anchored(2);
    const mine = await exported();
    const [first, one, two, proof] = mine;
    const forged = one!.replace('/a.B/C', '/a.B/D');
    expect(await refusal([first!, forged, two!, proof!])).toBe('AUDIT_CHAIN_BROKEN');
    const statement = /"statement":"([^"]+)"/.exec(proof!)![1]!;
    const other = Buffer.from(statement, 'base64')
      .toString()
      .replace(/"head":"../, '"head":"00');
    const edited = proof!.replace(statement, Buffer.from(other).toString('base64'));
    expect(await refusal([first!, forged, two!, edited])).toBe('LEAF_NOT_IN_LOG');
  });

  it('is refused with the key of another log', async () => {
    const other = new LogKey('heed.test/log', SigningKey.generate());
    expect(await refusal(await exported(), other.vkey)).toBe('CHECKPOINT_NOT_SIGNED');
  });

  it('is anchored once, however often the work is done again', async () => {
    await anchored(2);
    await clock.advance(3_600_000);
    expect(await due.runDue()).toBe(0);
    await uow.run(tenantId, (tx) => due.add(tx, 'audit-anchor', [tenantId], clock.now()));
    await due.runDue();
    expect(await verified(await exported())).toMatchObject({ anchors: 1 });
  });
});
