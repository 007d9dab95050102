import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type contactsV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { openKeyManagement } from '@heed/sealing';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import type pg from 'pg';
import { createTestDatabase, everyStep, MortalProcess, TestClock, type TestDatabase } from '@heed/testing';
import { attemptIdOf } from '../src/dispatch/attempt.js';
import { messaging } from '../src/service.js';
import { bounceMail, mail } from './answering.js';
import { InboundProcess } from './inbound-process.js';

interface World {
  tenantId: string;
  contactId: string;
  attemptId: string;
}

const no = { raw: Buffer.from(mail({}, 'Please stop writing to me')), nullSender: false };
const bounce = { raw: Buffer.from(bounceMail({ action: 'failed', status: '5.1.1' })), nullSender: true };

describe('a process that takes in mail and is killed', () => {
  const clock = new TestClock();
  const folder = mkdtempSync(join(tmpdir(), 'heed-inbound-'));
  /** What contacts recorded: under each id once, as it promises. */
  const recorded = new Map<string, contactsV1.RecordOptOutRequest>();
  const contacts = {
    recordOptOut: async (request: contactsV1.RecordOptOutRequest): Promise<void> => {
      recorded.set(request.requestId, request);
    },
  };
  let main: TestDatabase;
  let keys: TestDatabase;
  let kms: Awaited<ReturnType<typeof openKeyManagement>>;
  /** Who lives on, and looks. */
  let heir: InboundProcess;
  let probe: pg.Pool;
  beforeAll(async () => {
    kms = await openKeyManagement(join(folder, 'master.key'), { create: true });
    main = await createTestDatabase('messaging', migrationsOf(messaging));
    keys = await createTestDatabase('messaging', migrationsOfKeys);
    heir = processOf();
    probe = main.open().pool('probe');
  });
  afterAll(async () => {
    await Promise.all([main.drop(), keys.drop()]);
    await rm(folder, { recursive: true });
  });

  const processOf = (mortal = new MortalProcess()): InboundProcess =>
    new InboundProcess(
      { main: main.open({ entities: [...messaging.entities] }), keys: keys.open(), kms, clock, contacts },
      mortal,
    );

  /** Somebody to whom a message was sent. */
  async function begin(): Promise<World> {
    const world = { tenantId: newId(), contactId: newId(), attemptId: attemptIdOf(newId()) };
    await heir.uow.run(world.tenantId, async (tx) => {
      await addSubjects(tx, [world.contactId]);
      await tx.execute(
        `insert into attempt (tenant_id, row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id,
           try, state, outcome, queued_at, next_at, armed_at, concluded_at, permit_id, endpoint_id, endpoint_hash)
         values ($1, $2, $3, $4, $4, $5, 'news', $4, 1, 'concluded', 'sent', $6, $6, $6, $6, $4, $4, $7)`,
        [
          ...[world.tenantId, newId(), world.attemptId, newId(), world.contactId],
          clock.now(),
          randomBytes(32),
        ],
      );
    });
    return world;
  }

  const at = ({ tenantId, attemptId }: World) => ({ kind: 'reply' as const, tenantId, attemptId });
  /** Whoever takes over does so when the claim of the dead has run out. */
  const takeOver = async (): Promise<void> => {
    await clock.advance(60_000);
    await heir.work.due.runDue();
  };
  const left = async ({ tenantId, contactId }: World) => {
    const { rows } = await probe.query<Record<string, number>>(
      `select (select count(*)::int from inbound_mail where contact_id = $2 and handled_at is null) as open,
           (select count(*)::int from inbound_mail where contact_id = $2 and raw is not null) as raw,
           (select count(*)::int from deny where contact_id = $2 and ends_at is null) as denied,
           (select count(*)::int from standing_deny where tenant_id = $1) as standing,
           (select count(*)::int from heed.outbox where tenant_id = $1) as told`,
      [tenantId, contactId],
    );
    return rows[0]!;
  };
  const heardOf = ({ contactId }: World): number =>
    [...recorded.values()].filter((request) => request.contactId === contactId).length;

  it('2.11 has lost no opt-out that it had answered for', async () => {
    const steps = await everyStep<World>({
      begin,
      live: (world, process) => processOf(process).receiving.receive(at(world), no),
      recover: async (world, answered) => {
        // The other server heard no answer, and brings it again.
        if (!answered) await heir.receiving.receive(at(world), no);
        await takeOver();
      },
      verify: async (world) => {
        expect(heardOf(world)).toBeGreaterThanOrEqual(1);
        expect(await left(world)).toEqual({ open: 0, raw: 0, denied: 0, standing: 0, told: 0 });
      },
    });
    expect(steps.some((step) => step.startsWith('insert into deny'))).toBe(true);
  });

  it('handles each once: told once at contacts, and a bounce told once to others', async () => {
    for (const [arrived, expected] of [
      [no, { heard: 1, told: 0 }],
      [bounce, { heard: 0, told: 1 }],
    ] as const) {
      const steps = await everyStep<World>({
        begin: async () => {
          const world = await begin();
          await heir.receiving.receive(at(world), arrived);
          return world;
        },
        live: (_, process) => processOf(process).work.due.runDue(),
        recover: takeOver,
        verify: async (world) => {
          expect(heardOf(world)).toBe(expected.heard);
          const rest = { open: 0, raw: 0, denied: 0, standing: 0 };
          expect(await left(world)).toEqual({ ...rest, told: expected.told });
        },
      });
      expect(steps.some((step) => step.startsWith('update inbound_mail'))).toBe(true);
    }
  });
});
