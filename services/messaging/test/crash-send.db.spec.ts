import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AttemptConcluded, contactsV1 } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import { openKeyManagement } from '@heed/sealing';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import {
  brokenPromises,
  createTestDatabase,
  everyStep,
  PermitOffice,
  TestClock,
  type MortalProcess,
  type TestDatabase,
} from '@heed/testing';
import { type Dispatch } from '../src/dispatch/attempt.js';
import { messaging } from '../src/service.js';
import { dispatch } from './attempts-database.js';
import { Outside } from './outside.js';
import { SenderProcess, type SenderWorld } from './sender-process.js';
import { SmtpPeer } from './smtp-peer.js';

/** A sender that has shown nothing for so long is no more. */
const SILENCE_MS = 10_000;

/**
 * Stands still unless it is moved: every run has the same steps, however busy the machine. Only who waits for a moment,
 * to gather a batch, does wait; a heartbeat comes when the clock is moved.
 */
class StandingClock extends TestClock {
  override wait(ms: number, signal?: AbortSignal): Promise<void> {
    return ms < 1_000 ? systemClock.wait(ms, signal) : super.wait(ms, signal);
  }
}

interface World {
  tenantId: string;
  asked: Dispatch;
}

describe('a sender that is killed', () => {
  const clock = new StandingClock();
  const folder = mkdtempSync(join(tmpdir(), 'heed-send-'));
  let main: TestDatabase;
  let keys: TestDatabase;
  let world: SenderWorld;
  let heirs: () => SenderProcess;

  beforeAll(async () => {
    const peer = new SmtpPeer();
    await peer.start();
    const outside = new Outside();
    const template = outside.templates.get(outside.template())!;
    const kms = await openKeyManagement(join(folder, 'master.key'), { create: true });
    world = { office: outside.office, peer, kms, template };
    main = await createTestDatabase('messaging', migrationsOf(messaging));
    keys = await createTestDatabase('messaging', migrationsOfKeys);
    const [mainOfHeirs, keysOfHeirs] = [main.open(), keys.open()];
    heirs = () => new SenderProcess(mainOfHeirs, keysOfHeirs, world, clock);
  });
  afterAll(async () => {
    await Promise.all([main.drop(), keys.drop(), world.peer.stop()]);
    await rm(folder, { recursive: true });
  });

  async function begin(): Promise<World> {
    return { tenantId: newId(), asked: dispatch() };
  }

  async function live({ tenantId, asked }: World, process: MortalProcess): Promise<void> {
    const dying = new SenderProcess(
      process.with(main.open()),
      process.with(keys.open()),
      world,
      process.onTime(clock),
    );
    process.through(dying.slot, 'ready', 'handOver');
    process.onDeath(() => dying.close());
    // Within the dialogue: the recipient is written, the final dot is not.
    dying.steps.reached = (step) =>
      step === 'before-dot' ? process.step(step, () => Promise.resolve()) : undefined;
    await dying.accept(tenantId, [asked]);
    await dying.begin();
    await dying.work(tenantId);
    await dying.end();
  }

  /** The bus delivers again what it is not sure of; another sender finds the first one silent, and works on. */
  async function recover({ tenantId, asked }: World, answered: boolean): Promise<void> {
    const heir = heirs();
    if (!answered) await heir.accept(tenantId, [asked]);
    await heir.begin();
    await heir.sweep();
    await clock.advance(SILENCE_MS);
    await heir.sweep();
    while ((await heir.work(tenantId)) > 0);
    await heir.end();
  }

  const mailsTo = ({ asked }: World) =>
    world.peer.kept.filter(({ to }) => to[0] === PermitOffice.addressOf(asked.contactId)).length;

  async function found({ tenantId }: World): Promise<{ state: string; outcome: string; told: number }[]> {
    const { rows } = await main
      .open()
      .pool('probe')
      .query(
        `select state, outcome, reason,
           (select count(*)::int from heed.outbox where tenant_id = $1 and type = $2) as told
         from attempt where tenant_id = $1`,
        [tenantId, AttemptConcluded.name],
      );
    return rows as { state: string; outcome: string; told: number }[];
  }

  it('at any step of a message, from the request to its end, sends it once or says that it cannot know', async () => {
    const outcomes = new Set<string>();
    const steps = await everyStep<World>({
      begin,
      live,
      recover,
      verify: async (life, answered) => {
        const [attempt, ...more] = await found(life);
        expect(more).toEqual([]);
        expect(attempt).toMatchObject({ state: 'concluded', told: 1 });
        outcomes.add(attempt!.outcome);
        if (answered) expect(attempt!.outcome).toBe('sent');
        // Whoever is "sent" has one mail; only where it is unknown there may be one or none.
        if (attempt!.outcome === 'sent') expect(mailsTo(life)).toBe(1);
        else expect(attempt).toMatchObject({ outcome: 'unknown', reason: 'sender_lost' });
      },
    });
    expect(steps.filter((step) => step === 'handOver')).toHaveLength(1);
    expect(outcomes).toEqual(new Set(['sent', 'unknown']));
    const addressees = world.peer.kept.map(({ to }) => to[0]);
    expect(new Set(addressees).size).toBe(addressees.length);
    expect(await brokenPromises(main)).toEqual([]);
  });

  it('at any step of a denial leaves one end, no message and not a byte on the wire', async () => {
    const { DENIAL_REASON_OPTED_OUT } = contactsV1.DenialReason;
    await everyStep<World>({
      begin: async () => {
        const life = await begin();
        world.office.deny(life.asked.contactId, DENIAL_REASON_OPTED_OUT);
        return life;
      },
      live,
      recover,
      verify: async (life) => {
        expect(await found(life)).toEqual([
          { state: 'concluded', outcome: 'skipped', reason: 'opted_out', told: 1 },
        ]);
        expect(world.peer.recipients).not.toContain(PermitOffice.addressOf(life.asked.contactId));
      },
    });
    expect(await brokenPromises(main)).toEqual([]);
  });
});
