import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentChanged } from '@heed/contracts';
import { systemClock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { logger } from '@heed/telemetry';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { type BusDriver, type Sink } from '../src/bus.js';
import { Consumers } from '../src/consumers.js';
import { eventMigrations } from '../src/infrastructure.js';
import { enterQuarantine } from '../src/quarantine.store.js';

const HOUR_MS = 3_600_000;
const GROUP = 'campaigns.resync-consents';
const from = new Date('2026-11-27T09:00:00Z');

describe('a group that is there for a resync alone', () => {
  const stream = { topic: ConsentChanged.topic, partition: 0 };
  let db: TestDatabase;
  let work: UnitOfWork;
  /** What the bus was given last. */
  let sink: Sink;
  let consumers: Consumers;
  beforeAll(async () => {
    db = await createTestDatabase('campaigns', [{ name: 'events', directory: eventMigrations.directory }]);
    work = new UnitOfWork(db.open());
    const bus = {
      subscribe: (given: Sink) => {
        sink = given;
        return { start: () => undefined, stop: async () => undefined, state: () => undefined };
      },
    } as unknown as BusDriver;
    const log = logger({}, { write: () => undefined });
    consumers = new Consumers({ service: 'campaigns', bus, work, clock: systemClock, log });
  });
  afterAll(() => db.drop());

  const begin = (group = GROUP) =>
    consumers.addForResync({ event: ConsentChanged, group, from, handle: async () => undefined });
  const beginsAt = async (beginning: string) =>
    [...(await sink.cursors([{ stream, beginning }])).values()].map(({ position }) => position);
  const movedAgo = (ms: number) =>
    work.runAcross('service', (tx) =>
      tx.execute('update heed.inbox_cursor set moved_at = $1', [new Date(Date.now() - ms)]),
    );

  it('begins with what was told since the backup, wherever an earlier resync had come', async () => {
    await begin();
    expect(await beginsAt('7')).toEqual(['7']);
    await consumers.remove(GROUP);
    // The backup was taken after that resync, and its cursors are in it.
    await movedAgo(2 * HOUR_MS);
    const since = new Date(Date.now() - HOUR_MS);
    await work.runAcross('service', (tx) => enterQuarantine(tx, 'RESTORED_FROM_BACKUP', since));
    await begin();
    expect(sink.from).toEqual(from);
    expect(await beginsAt('900')).toEqual(['900']);
  });

  it('goes on where it was when its process was killed in mid-resync, and leaves other groups alone', async () => {
    await begin('campaigns.another');
    expect(await beginsAt('3')).toEqual(['3']);
    await work.runAcross('service', (tx) =>
      tx.execute('update heed.inbox_cursor set moved_at = $2 where consumer = $1', [
        'campaigns.another',
        new Date(Date.now() - 2 * HOUR_MS),
      ]),
    );
    await begin();
    expect(await beginsAt('1')).toEqual(['900']);
    const others = await work.runAcross('service', (tx) =>
      tx.query('select position from heed.inbox_cursor where consumer = $1', ['campaigns.another']),
    );
    expect(others).toEqual([{ position: '3' }]);
  });
});
