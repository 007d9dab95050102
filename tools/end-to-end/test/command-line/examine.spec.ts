import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '@heed/kernel';
import pg from 'pg';
import { PASSWORD, SixServices } from '../world/six-services.js';
import { CommandLine } from './heed.js';

const world = new SixServices();
let heed: CommandLine;

beforeAll(async () => {
  await world.start();
  heed = new CommandLine(world);
  const { email } = await world.found('acme');
  process.env['HEED_PASSWORD'] = PASSWORD;
  await heed.run('login', '--tenant', 'acme', '--email', email);
});
afterAll(async () => {
  heed?.close();
  await world.stop();
});

it('heed datamap shows stores, and their columns', async () => {
  const { code, out } = await heed.run('datamap', 'list', '--category', 'user.contact');
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(/contacts\.endpoint +table .*delete/),
  });
  expect((await heed.run('datamap', 'show', 'contacts.endpoint')).out).toMatch(
    /address +personal +user\.contact/,
  );
});

describe('heed doctor', () => {
  const about = async (what: string) =>
    (await heed.run('--json', 'doctor', '--all')).documents.find((finding) => finding['about'] === what);

  it('names what the databases of specs lack, with the promise that rests on it and the cure', async () => {
    const { code, out } = await heed.run('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/error +contacts postgres fsync: off\n +why: I5.*\n +do: +fsync = on/);
    expect(await about('contacts health')).toMatchObject({ severity: 'ok' });
    expect(await about('contacts migrations')).toMatchObject({ severity: 'ok' });
  });

  it('sees a wall that was taken down, and a fence that is not enforced', async () => {
    expect(await about('campaigns row-level security')).toMatchObject({ severity: 'ok' });
    await inCampaigns('alter table intent no force row level security');
    await inCampaigns('alter table intent alter constraint intent_contact_id_fence not enforced');
    expect(await about('campaigns row-level security')).toMatchObject({ severity: 'error', found: 'intent' });
    expect(await about('campaigns fence')).toMatchObject({
      severity: 'error',
      found: expect.stringMatching(/intent_contact_id_fence/),
    });
    await inCampaigns('alter table intent force row level security');
  });

  it('sees a column that nobody declared', async () => {
    await inCampaigns('alter table template add column nickname text');
    let found = await about('campaigns data map');
    // Compared with what the service has shown privacy, which asks for it now and then.
    while (found?.['severity'] !== 'error') {
      await systemClock.wait(100);
      found = await about('campaigns data map');
    }
    await inCampaigns('alter table template drop column nickname');
    expect(found['found']).toMatch(/template\.nickname/);
  });

  it('by the measure of production demands a standby, and a real bus', async () => {
    const { documents } = await heed.run('--json', 'doctor', '--production');
    const errors = documents
      .filter(({ severity }) => severity === 'error')
      .map((finding) => finding['about']);
    expect(errors).toEqual(expect.arrayContaining(['contacts postgres synchronous_standby_names', 'bus']));
  });
});

async function inCampaigns(sql: string, values: unknown[] = []): Promise<void> {
  const owner = new pg.Client(world.cluster.database('campaigns').urlOf('owner'));
  await owner.connect();
  try {
    await owner.query(sql, values);
  } finally {
    await owner.end();
  }
}
