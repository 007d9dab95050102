import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type contactsV1, DeliveryReported } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { addSubjects } from '@heed/postgres';
import { openKeyManagement } from '@heed/sealing';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import type pg from 'pg';
import { createTestDatabase, everyStep, MortalProcess, TestClock, type TestDatabase } from '@heed/testing';
import { attemptIdOf } from '../src/dispatch/attempt.js';
import { ProviderConnectionStore } from '../src/providers/provider-connection.store.js';
import { type Webhook } from '../src/providers/receive-webhook.js';
import { signatureOf } from '../src/providers/standard-webhook.js';
import { messaging } from '../src/service.js';
import { InboundProcess } from './inbound-process.js';

interface World {
  tenantId: string;
  contactId: string;
  attemptId: string;
  webhook: Webhook;
}

describe('a process that takes in a provider’s webhook and is killed', () => {
  const clock = new TestClock();
  const folder = mkdtempSync(join(tmpdir(), 'heed-webhook-'));
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

  /** Somebody to whom a message was sent, and what their tenant's provider says of it. */
  async function begin(type: string): Promise<World> {
    const [tenantId, contactId, attemptId] = [newId(), newId(), attemptIdOf(newId())];
    const providerConnectionId = newId();
    const made = { tenantId, providerConnectionId, name: 'relay', secretNumber: 1 };
    await heir.uow.run(tenantId, async (tx) => {
      await addSubjects(tx, [contactId]);
      await tx.execute(
        `insert into attempt (tenant_id, row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id,
           try, state, outcome, queued_at, next_at, armed_at, concluded_at, permit_id, endpoint_id, endpoint_hash)
         values ($1, $2, $3, $4, $4, $5, 'news', $4, 1, 'concluded', 'sent', $6, $6, $6, $6, $4, $4, $7)`,
        [tenantId, newId(), attemptId, newId(), contactId, clock.now(), randomBytes(32)],
      );
      const connections = new ProviderConnectionStore();
      await connections.insert(tx, { ...made, previousUntil: null, createdAt: clock.now() });
    });
    const body = Buffer.from(
      JSON.stringify({ type, data: { message_id: `<${attemptId}@sender.test>`, bounce: 'hard' } }),
    );
    return { tenantId, contactId, attemptId, webhook: await signed(made, body) };
  }

  async function signed(
    connection: { tenantId: string; providerConnectionId: string; secretNumber: number },
    body: Buffer,
  ): Promise<Webhook> {
    const head = { id: newId(), timestamp: String(Math.floor(clock.now().getTime() / 1_000)) };
    const signature = signatureOf(head, body, await heir.secrets.current(connection));
    const { tenantId, providerConnectionId } = connection;
    return {
      ...{ tenantId, providerConnectionId, body },
      headers: {
        ...{ 'webhook-id': head.id, 'webhook-timestamp': head.timestamp },
        'webhook-signature': `v1,${signature.toString('base64')}`,
      },
    };
  }

  const live = ({ webhook }: World, process: MortalProcess): Promise<void> =>
    processOf(process).webhooks.receive(webhook);

  /** A provider that heard no answer says it again, and one that did may; who takes over waits for the dead's claim. */
  async function recover({ webhook }: World, answered: boolean): Promise<void> {
    await heir.webhooks.receive(webhook);
    if (!answered) await heir.webhooks.receive(webhook);
    await clock.advance(60_000);
    await heir.work.due.runDue();
  }

  const left = async ({ tenantId }: World) => {
    const { rows } = await probe.query<Record<string, number>>(
      `select (select count(*)::int from provider_event where tenant_id = $1) as heard,
           (select count(*)::int from inbound_mail where tenant_id = $1) as kept,
           (select count(*)::int from inbound_mail where tenant_id = $1 and handled_at is null) as open,
           (select count(*)::int from inbound_mail where tenant_id = $1 and raw is not null) as raw,
           (select count(*)::int from deny where tenant_id = $1 and ends_at is null) as denied,
           (select count(*)::int from standing_deny where tenant_id = $1) as standing,
           (select count(*)::int from heed.outbox where tenant_id = $1 and type = $2) as told`,
      [tenantId, DeliveryReported.name],
    );
    return rows[0];
  };
  const recordedOf = ({ contactId }: World): number =>
    [...recorded.values()].filter((request) => request.contactId === contactId).length;

  it.each([
    ['mail.unsubscribed', 'insert into deny', { recorded: 1, told: 0 }],
    ['mail.complained', 'insert into deny', { recorded: 1, told: 1 }],
    ['mail.bounced', 'insert into inbound_mail', { recorded: 0, told: 1 }],
  ])(
    '2.11 has lost no %s that it had answered for, and heard it once however often it is said',
    async (type, step, expected) => {
      const steps = await everyStep<World>({
        begin: () => begin(type),
        live,
        recover,
        verify: async (world) => {
          expect(recordedOf(world)).toBe(expected.recorded);
          const done = { open: 0, raw: 0, denied: 0, standing: 0 };
          expect(await left(world)).toEqual({ heard: 1, kept: 1, ...done, told: expected.told });
        },
      });
      expect(steps.some((name) => name.startsWith(step))).toBe(true);
      expect(steps.some((name) => name.startsWith('insert into provider_event'))).toBe(true);
    },
  );

  it('handles what it took in once: told once at contacts, and once to others', async () => {
    await everyStep<World>({
      begin: async () => {
        const world = await begin('mail.complained');
        await heir.webhooks.receive(world.webhook);
        return world;
      },
      live: (_, process) => processOf(process).work.due.runDue(),
      recover,
      verify: async (world) => {
        expect(recordedOf(world)).toBe(1);
        expect(await left(world)).toMatchObject({ heard: 1, kept: 1, open: 0, standing: 0, told: 1 });
      },
    });
  });
});
