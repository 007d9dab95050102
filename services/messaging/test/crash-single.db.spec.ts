import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, campaignsV1, contactsV1, typesV1 } from '@heed/contracts';
import { type Caller, newId, systemClock } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { openKeyManagement } from '@heed/sealing';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import type pg from 'pg';
import {
  createTestDatabase,
  everyStep,
  type MortalProcess,
  PermitOffice,
  TestClock,
  type TestDatabase,
} from '@heed/testing';
import { messaging } from '../src/service.js';
import { Outside } from './outside.js';
import { type SenderWorld } from './sender-process.js';
import { SinglesProcess } from './singles-process.js';
import { SmtpPeer } from './smtp-peer.js';

/** A sender that has shown nothing for so long is no more. */
const SILENCE_MS = 10_000;

/** Stands still unless it is moved; only who gathers a batch does wait. */
class StandingClock extends TestClock {
  override wait(ms: number, signal?: AbortSignal): Promise<void> {
    return ms < 1_000 ? systemClock.wait(ms, signal) : super.wait(ms, signal);
  }
}

interface World {
  caller: Caller;
  contactId: string;
  requestId: string;
  /** Of the event that asks for a confirmation, and the attempt that contacts permits. */
  eventId: string;
  attemptId: string;
  /** What the process answered, where it came so far. */
  answered: string[];
}

interface Found {
  attempt_id: string;
  state: string;
  outcome: string;
  reason: string;
  told: number;
  values: number;
}

describe('a process that writes single messages and is killed', () => {
  const clock = new StandingClock();
  const folder = mkdtempSync(join(tmpdir(), 'heed-single-'));
  let main: TestDatabase;
  let keys: TestDatabase;
  let sending: SenderWorld;
  let heir: () => SinglesProcess;
  let probe: pg.Pool;

  beforeAll(async () => {
    const peer = new SmtpPeer();
    await peer.start();
    const outside = new Outside();
    const templateId = outside.template({
      kind: campaignsV1.TemplateKind.TEMPLATE_KIND_TRANSACTIONAL,
      textBody: 'Your order {{ values.order }}',
      variables: [{ name: 'order', kind: campaignsV1.VariableKind.VARIABLE_KIND_CODE, maxLength: 20 }],
    });
    const kms = await openKeyManagement(join(folder, 'master.key'), { create: true });
    sending = { office: outside.office, peer, kms, template: outside.templates.get(templateId)! };
    main = await createTestDatabase('messaging', migrationsOf(messaging));
    keys = await createTestDatabase('messaging', migrationsOfKeys);
    const [mainOfHeirs, keysOfHeirs] = [main.open({ entities: [...messaging.entities] }), keys.open()];
    heir = () => new SinglesProcess(mainOfHeirs, keysOfHeirs, sending, clock);
    probe = main.open().pool('probe');
  });
  afterAll(async () => {
    await Promise.all([main.drop(), keys.drop(), sending.peer.stop()]);
    await rm(folder, { recursive: true });
  });

  async function begin(): Promise<World> {
    const caller = { kind: 'member', tenantId: newId(), actorId: newId(), method: 'SendMessage' } as Caller;
    const ids = { contactId: newId(), requestId: newId(), eventId: newId(), attemptId: newId() };
    return { caller, ...ids, answered: [] };
  }

  function dyingOf(mortal: MortalProcess): SinglesProcess {
    const dying = new SinglesProcess(
      mortal.with(main.open({ entities: [...messaging.entities] })),
      mortal.with(keys.open()),
      sending,
      mortal.onTime(clock),
    );
    mortal.through(dying.sender.slot, 'ready', 'handOver');
    mortal.onDeath(() => dying.sender.close());
    return dying;
  }

  async function workedOff({ caller }: World, process: SinglesProcess): Promise<void> {
    await process.sender.begin();
    await process.sender.work(caller.tenantId);
    await process.sender.end();
  }

  /** Another sender finds the dead one silent, and works on. */
  async function takeOver({ caller }: World, { sender }: SinglesProcess): Promise<void> {
    await sender.begin();
    await sender.sweep();
    await clock.advance(SILENCE_MS);
    await sender.sweep();
    while ((await sender.work(caller.tenantId)) > 0);
    await sender.end();
  }

  const mailsTo = ({ contactId }: World): number =>
    sending.peer.kept.filter(({ to }) => to[0] === PermitOffice.addressOf(contactId)).length;

  async function found({ caller, contactId }: World): Promise<Found[]> {
    const { rows } = await probe.query<Found>(
      `select attempt_id, state, outcome, reason,
         (select count(*)::int from heed.outbox where tenant_id = $1 and type = $3) as told,
         (select count(*)::int from message_values where tenant_id = $1) as values
       from attempt where tenant_id = $1 and contact_id = $2 and purpose <> 'news'`,
      [caller.tenantId, contactId, AttemptConcluded.name],
    );
    return rows;
  }

  /** One attempt, ended and told once; what it brought along is gone; "sent" is one mail, "unknown" one or none. */
  async function endedOnce(world: World, hasAnswered: boolean): Promise<Found> {
    const [attempt, ...more] = await found(world);
    expect(more).toEqual([]);
    expect(attempt).toMatchObject({ state: 'concluded', told: 1, values: 0 });
    if (hasAnswered) expect(attempt!.outcome).toBe('sent');
    if (attempt!.outcome === 'sent') expect(mailsTo(world)).toBe(1);
    else {
      expect(attempt).toMatchObject({ outcome: 'unknown', reason: 'sender_lost' });
      expect(mailsTo(world)).toBeLessThanOrEqual(1);
    }
    return attempt!;
  }

  it('at any step sends what was asked for once, or says that it cannot know, and keeps nothing of it', async () => {
    const outcomes = new Set<string>();
    const ask = ({ caller, contactId, requestId }: World, process: SinglesProcess): Promise<string> =>
      process.send(caller, { requestId, contactId, purpose: 'receipt', values: { order: 'A-1' } });
    const steps = await everyStep<World>({
      begin,
      live: async (world, mortal) => {
        const dying = dyingOf(mortal);
        world.answered.push(await ask(world, dying));
        await workedOff(world, dying);
      },
      recover: async (world) => {
        const next = heir();
        // Who heard no answer asks again under the same id; who heard one and asks again is told the same.
        const again = await ask(world, next);
        for (const answered of world.answered) expect(again).toBe(answered);
        await takeOver(world, next);
      },
      verify: async (world, answered) => {
        outcomes.add((await endedOnce(world, answered)).outcome);
      },
    });
    expect(steps.some((step) => step.startsWith('insert into message_values'))).toBe(true);
    expect(steps.filter((step) => step === 'handOver')).toHaveLength(1);
    expect(outcomes).toEqual(new Set(['sent', 'unknown']));
  });

  it('at any step of the request for it confirms an opt-out, and once', async () => {
    const confirm = (world: World, process: SinglesProcess): Promise<void> =>
      process.deliver(
        world.eventId,
        world.caller.tenantId,
        contactsV1.OptOutConfirmationDue.fromPartial({
          ...{ attemptId: world.attemptId, contactId: world.contactId },
          ...{ channel: typesV1.Channel.CHANNEL_EMAIL, purpose: 'offers' },
        }),
      );
    const steps = await everyStep<World>({
      begin: async () => {
        const world = await begin();
        await writtenBefore(world);
        return world;
      },
      // From there on it is sent as any single message is.
      live: (world, mortal) => confirm(world, dyingOf(mortal)),
      recover: async (world) => {
        const next = heir();
        // The bus delivers again what it is not sure of.
        await confirm(world, next);
        await takeOver(world, next);
      },
      verify: async (world) => {
        expect(await endedOnce(world, true)).toMatchObject({ attempt_id: world.attemptId });
      },
    });
    expect(steps.some((step) => step.startsWith('insert into heed.inbox'))).toBe(true);
    const confirmed = sending.peer.kept.filter(({ raw }) => raw.includes('You will get no more'));
    expect(confirmed.length).toBeGreaterThan(steps.length / 2);
  });

  /** Only who is known to have written before confirms. */
  async function writtenBefore({ caller, contactId }: World): Promise<void> {
    await new UnitOfWork(main.open()).run(caller.tenantId, async (tx) => {
      await addSubjects(tx, [contactId]);
      await tx.execute(
        `insert into attempt (tenant_id, row_id, attempt_id, intent_id, campaign_id, contact_id, purpose, template_id,
           try, state, outcome, queued_at, next_at, armed_at, concluded_at, permit_id, endpoint_id, endpoint_hash)
         values ($1, $2, $3, $4, $4, $5, 'news', $4, 1, 'concluded', 'sent', $6, $6, $6, $6, $4, $4, $7)`,
        [caller.tenantId, newId(), newId(), newId(), contactId, clock.now(), randomBytes(32)],
      );
    });
  }
});
