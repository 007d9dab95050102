import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contactsV1 } from '@heed/contracts';
import { brokenPromises } from '@heed/testing';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import pg from 'pg';
import { contacts } from '../src/service.js';
import { GivenPeople } from './given-people.js';

describe('contacts whose database', () => {
  let cluster: Cluster;
  let people: GivenPeople;
  let superuser: pg.Client;
  beforeAll(async () => {
    cluster = await startCluster([contacts]);
    people = new GivenPeople(cluster);
    // Of another database: this one will take no connection.
    const url = new URL(cluster.database('contacts').superuserUrl);
    url.pathname = '/postgres';
    superuser = new pg.Client({ connectionString: url.toString() });
    await superuser.connect();
  });
  afterAll(async () => {
    await superuser.end();
    await cluster.stop();
  });

  const name = () => cluster.database('contacts').name;
  const cutConnections = () =>
    superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = $1 and usename like 'contacts%' and pid <> pg_backend_pid()`,
      [name()],
    );

  async function whileAway(work: () => Promise<void>): Promise<void> {
    await superuser.query(`alter database ${name()} with allow_connections false`);
    try {
      await cutConnections();
      await work();
    } finally {
      await superuser.query(`alter database ${name()} with allow_connections true`);
    }
  }

  async function whileReadOnly(work: () => Promise<void>): Promise<void> {
    const setting = `alter database ${name()} set default_transaction_read_only`;
    await superuser.query(`${setting} = on`);
    try {
      await cutConnections();
      await work();
    } finally {
      await superuser.query(`alter database ${name()} reset default_transaction_read_only`);
      await cutConnections();
    }
  }

  const refusalOf = (asking: Promise<unknown>): Promise<string> =>
    asking.then(
      () => 'answered',
      (error: { reason: string }) => error.reason,
    );
  const denied = { $case: 'denial', value: { reason: contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT } };

  it('2.11 is away answers clearly, issues nothing, and hears the same opt-outs when it is back', async () => {
    const [told, clicked] = [await people.person(), await people.person()];
    const link = await people.linkTo(clicked);
    await whileAway(async () => {
      await expect(people.optOut(told)).rejects.toMatchObject({ kind: 'unavailable' });
      const answer = await people.follow(link);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(await answer.json()).toMatchObject({ reason: 'DATABASE_UNAVAILABLE' });
      await expect(people.answerFor(told)).rejects.toMatchObject({ kind: 'unavailable' });
    });
    // Nobody was told yes, so nobody was silenced; who asks again is.
    expect((await people.answerFor(told)).$case).toBe('permit');
    await people.optOut(told);
    expect((await people.follow(link)).status).toBe(200);
    expect(await people.answerFor(told)).toMatchObject(denied);
    expect(await people.answerFor(clicked)).toMatchObject(denied);
  });

  it('2.11 goes away in the middle of many has kept every opt-out that it answered', async () => {
    const links: { contactId: string; link: string }[] = [];
    while (links.length < 24) {
      const contactId = await people.person();
      links.push({ contactId, link: await people.linkTo(contactId) });
    }
    const answers = links.map(({ link }) => people.follow(link));
    // As soon as the first is heard: the others are on their way, before and behind it.
    await Promise.race(answers);
    await whileAway(() => Promise.all(answers).then(() => undefined));
    const heard = await Promise.all(answers);
    expect(heard.map(({ status }) => status).filter((status) => ![200, 503].includes(status))).toEqual([]);
    for (const [index, { contactId }] of links.entries()) {
      if (heard[index]!.status === 200) expect(await people.answerFor(contactId)).toMatchObject(denied);
    }
    // Two for each at most: what was granted, and the no.
    expect(await brokenPromises(cluster.database('contacts'))).toEqual([]);
  });

  it('2.3 takes no writes issues nothing, and says so to whoever opts out', async () => {
    const contactId = await people.person();
    const link = await people.linkTo(contactId);
    const permits = async (): Promise<number> => {
      const database = cluster.database('contacts').open();
      const { rows } = await database
        .pool('probe')
        .query<{ n: number }>('select count(*)::int as n from permit');
      await database.close();
      return rows[0]!.n;
    };
    const before = await permits();
    await whileReadOnly(async () => {
      // Connections that were cut say so once each; nobody is permitted meanwhile.
      while ((await refusalOf(people.answerFor(contactId))) === 'DATABASE_UNAVAILABLE');
      expect(await refusalOf(people.answerFor(contactId))).toBe('PERMITS_READ_ONLY');
      const answer = await people.follow(link);
      expect(answer.ok).toBe(false);
      await expect(people.optOut(contactId)).rejects.toThrow();
    });
    expect(await permits()).toBe(before);
    expect((await people.follow(link)).status).toBe(200);
    expect(await people.answerFor(contactId)).toMatchObject(denied);
  });
});
