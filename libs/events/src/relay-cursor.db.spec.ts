import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { eventMigrations } from './index.js';
import { saveCursor, takeLead, type Lead } from './relay-cursor.store.js';

let db: TestDatabase;
const open: pg.Client[] = [];
beforeAll(async () => {
  db = await createTestDatabase('contacts', [{ name: 'events', directory: eventMigrations.directory }]);
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.end()));
  await db.drop();
});

async function replica(): Promise<pg.Client> {
  const client = new pg.Client(db.urlOf('relay'));
  await client.connect();
  open.push(client);
  return client;
}

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 23, 9, 0, second));
const take = (client: pg.Client, second: number): Promise<Lead | undefined> =>
  takeLead(client, newId(), at(second), at(second + 10));
const save = (client: pg.Client, lead: Lead, second: number): Promise<boolean> =>
  saveCursor(client, lead, lead.position, at(second), at(second + 10));

it('9.4 a relay that took over from a frozen one keeps the lead when that one comes back', async () => {
  const [frozen, successor, third] = [await replica(), await replica(), await replica()];
  const lost = await take(frozen, 0);
  expect(await take(successor, 5)).toBeUndefined();
  const lead = await take(successor, 11);
  expect([lost?.token, lead?.token]).toEqual(['1', '2']);

  // It learns that it was replaced, and its connection goes; a new one asks for the lead, and the lock is free.
  expect(await save(frozen, lost!, 12)).toBe(false);
  await frozen.end();
  const back = await replica();
  expect(await take(back, 12)).toBeUndefined();
  expect(await save(successor, lead!, 12)).toBe(true);

  // The successor has the lock by now: nobody leads beside it, and somebody does at once when it is gone.
  expect(await take(third, 13)).toBeUndefined();
  await successor.end();
  expect(await untilTaken(third, 13)).toMatchObject({ token: '3' });
});

/** PostgreSQL lets go of the locks of a connection a moment after it has ended. */
async function untilTaken(client: pg.Client, second: number): Promise<Lead> {
  for (;;) {
    const lead = await take(client, second);
    if (lead) return lead;
  }
}
