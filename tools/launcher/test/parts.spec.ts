import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect as connectNats } from '@nats-io/transport-node';
import kafkajs from 'kafkajs';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { type CallEvent } from '../src/carrier-simulator/exchange.js';
import { type MailEvent } from '../src/mail-server/mail-event.js';
import { readEvents } from '../src/outside/event-log.js';
import { resolveCarrier } from '../src/parts/carrier.js';
import { resolveKafka } from '../src/parts/kafka.js';
import { resolveNats } from '../src/parts/nats.js';
import { type Part } from '../src/parts/part.js';
import { resolvePostgres } from '../src/parts/postgres.js';
import { resolveSmtp } from '../src/parts/smtp.js';
import { isAlive } from '../src/processes/processes.js';

/** Nothing of the caller's own: each part takes what it finds on this machine. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME, JAVA_HOME: process.env.JAVA_HOME };
const say = (): void => undefined;

describe('a part of this machine', () => {
  let folder: string;
  let started: Part[];
  const place = (name: string) => ({
    dataDir: join(folder, name),
    logFile: join(folder, `${name}.log`),
    env,
    say,
  });
  const keep = <P extends Part>(part: P): P => {
    started.push(part);
    return part;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heed-parts-'));
    chmodSync(folder, 0o711);
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map((part) => part.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  it('PostgreSQL keeps commit times, quotes nothing in its log, and comes back after SIGKILL', async () => {
    const first = keep(await resolvePostgres(place('postgres')));
    expect(statSync(join(folder, 'postgres', 'password')).mode & 0o777).toBe(0o600);
    await query(first.url, 'create table kept (id int); insert into kept values (1)');
    process.kill(first.pid as number, 'SIGKILL');

    const second = keep(await resolvePostgres(place('postgres')));
    const [settings] = await query(
      second.url,
      `select (select count(*)::int from kept) as kept, current_setting('track_commit_timestamp') as commits,
              current_setting('log_error_verbosity') as verbosity, current_setting('max_connections') as connections,
              current_setting('listen_addresses') as addresses, lower('ÄÉ') as unicode`,
    );
    expect(settings).toEqual({
      kept: 1,
      commits: 'on',
      verbosity: 'terse',
      connections: '300',
      addresses: '127.0.0.1',
      unicode: 'äé',
    });
    await query(
      second.url,
      'create table u (address text unique); insert into u values ($$ann@example.org$$)',
    );
    await expect(query(second.url, 'insert into u values ($$ann@example.org$$)')).rejects.toThrow(
      /duplicate key/,
    );
    await second.stop();
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).not.toContain('ann@example.org');
    expect(isAlive(second.pid as number)).toBe(false);
  });

  it('PostgreSQL started again while it runs is taken over, not doubled', async () => {
    const first = keep(await resolvePostgres({ ...place('postgres'), throwAway: true }));
    const second = keep(await resolvePostgres({ ...place('postgres'), throwAway: true }));
    expect(isAlive(first.pid as number)).toBe(false);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('Kafka takes an event and gives it back, again after a restart on the same data', async () => {
    const first = keep(await resolveKafka(place('kafka')));
    if (first.kind === 'embedded') {
      // What a machine without Java gets, said with the reason and the remedy.
      expect(first.note).toMatch(/Java|Maven|mvn/);
      expect(first.better).toMatch(/KAFKA_BROKERS/);
      return;
    }
    await produce(first.brokers, 'kept');
    expect(await consume(first.brokers)).toBe('kept');
    await first.stop();
    const second = keep(await resolveKafka({ ...place('kafka'), before: first.kind }));
    expect(await consume(second.brokers)).toBe('kept');
  });

  it('Kafka is not looked for where the embedded bus is asked for, and an error where it must be and cannot', async () => {
    expect(await resolveKafka({ ...place('kafka'), force: 'embedded' })).toMatchObject({ kind: 'embedded' });
    const bare = { PATH: folder, HOME: folder };
    await expect(resolveKafka({ ...place('kafka'), env: bare, force: 'kafka' })).rejects.toThrow(
      /--bus kafka.*no Java found.*Set KAFKA_BROKERS/s,
    );
    const last = await resolveKafka({ ...place('kafka'), env: bare });
    expect(last).toMatchObject({ kind: 'embedded', brokers: [] });
    expect(last.note).toContain('no Java found');
  });

  it('NATS carries a signal, and is off with the reason where it cannot be had', async () => {
    const off = await resolveNats({ ...place('nats'), env: { PATH: folder, HOME: folder } });
    expect(off).toMatchObject({ kind: 'off' });
    expect(off.url).toBeUndefined();
    expect(off.note).toMatch(/no nats-server on the PATH/);

    const { kind, url } = keep(await resolveNats(place('nats')));
    if (kind === 'off') return;
    const connection = await connectNats({ servers: url });
    const heard = connection.subscribe('heed.test', { max: 1 });
    connection.publish('heed.test', 'heard');
    for await (const message of heard) expect(message.string()).toBe('heard');
    await connection.close();
  });

  it('the mail server is a process of its own that keeps what it gets', async () => {
    const smtp = keep(await resolveSmtp(place('mail')));
    await createTransport(smtp.url).sendMail({
      from: 'a@example.com',
      to: 'b@example.org',
      subject: 'Hi',
      text: '',
    });
    const stats = (await (await fetch(`${smtp.mail?.httpUrl}/stats`)).json()) as object;
    expect(stats).toEqual({ rcpt: 1, 'data-end': 1, aborted: 0, refused: 0 });
    const events: string[] = [];
    for await (const { event } of readEvents<MailEvent>(smtp.mail?.eventLog ?? '')) events.push(event);
    expect(events).toEqual(['rcpt', 'data-end']);
    // Another name for this address, as a page elsewhere would use it, gets nothing.
    expect(await statusFor(`${smtp.mail?.httpUrl}/messages`, 'evil.example')).toBe(421);
  });

  it('the carrier simulator is a process of its own that writes down when a phone rang', async () => {
    const carrier = keep(await resolveCarrier(place('carrier')));
    const call = { call_id: 'c', to: '+4915112345678', from: '+4930123456', script: '' };
    expect((await fetch(`${carrier.url}/calls`, { method: 'POST', body: JSON.stringify(call) })).status).toBe(
      201,
    );
    await fetch(`${carrier.url}/calls/c`, { method: 'DELETE' });
    await carrier.stop();
    const events: string[] = [];
    const log = join(folder, 'carrier', 'events.jsonl');
    for await (const { event } of readEvents<CallEvent>(log)) events.push(event);
    expect(events).toEqual(['invite', 'ended']);
    expect(existsSync(join(folder, 'carrier', 'pid'))).toBe(false);
  });

  it('is refused clearly where the environment names one that does not answer', async () => {
    const gone = '127.0.0.1:1';
    await expect(
      resolvePostgres({ ...place('p'), env: { HEED_POSTGRES_URL: `postgres://u@${gone}/x` } }),
    ).rejects.toThrow(/HEED_POSTGRES_URL is set, but/);
    await expect(resolveKafka({ ...place('k'), env: { KAFKA_BROKERS: gone } })).rejects.toThrow(
      /KAFKA_BROKERS is set, but none of 127\.0\.0\.1:1 answers/,
    );
    await expect(resolveNats({ ...place('n'), env: { NATS_URL: `nats://${gone}` } })).rejects.toThrow(
      /NATS_URL/,
    );
    await expect(resolveSmtp({ ...place('s'), env: { HEED_SMTP_URL: `smtp://${gone}` } })).rejects.toThrow(
      /HEED_SMTP_URL/,
    );
    await expect(
      resolveCarrier({ ...place('c'), env: { HEED_CARRIER_URL: `http://${gone}` } }),
    ).rejects.toThrow(/HEED_CARRIER_URL/);
  });

  it('is taken where the environment names one that does', async () => {
    const own = keep(await resolvePostgres({ ...place('postgres'), throwAway: true }));
    const given = await resolvePostgres({ ...place('x'), env: { HEED_POSTGRES_URL: own.url } });
    expect(given).toMatchObject({ kind: 'given', url: own.url, better: undefined });
    await query(own.url, `create role plain login password 'plain'`);
    const plain = new URL(own.url);
    [plain.username, plain.password] = ['plain', 'plain'];
    await expect(resolvePostgres({ ...place('x'), env: { HEED_POSTGRES_URL: plain.href } })).rejects.toThrow(
      /must name a superuser/,
    );
  });
});

function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => resolve(response.resume().statusCode)).once(
      'error',
      reject,
    );
  });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // The server is killed under it in one of the tests.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const topic = 'heed.launcher.spec';
const client = (brokers: string[]) => new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });

async function produce(brokers: string[], value: string): Promise<void> {
  const admin = client(brokers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false });
  // A broker hears of it from its controller, a moment later.
  const isKnown = () =>
    admin.fetchTopicMetadata({ topics: [topic] }).then(
      ({ topics }) => topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0)),
      () => false,
    );
  while (!(await isKnown()));
  await admin.disconnect();
  const producer = client(brokers).producer();
  await producer.connect();
  await producer.send({ topic, messages: [{ value }] });
  await producer.disconnect();
}

async function consume(brokers: string[]): Promise<string | undefined> {
  const consumer = client(brokers).consumer({
    groupId: `spec-${process.hrtime.bigint()}`,
    sessionTimeout: 6_000,
    heartbeatInterval: 1_000,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const value = await new Promise<string | undefined>((resolve, reject) => {
    consumer
      .run({ eachMessage: ({ message }) => Promise.resolve(resolve(message.value?.toString())) })
      .catch(reject);
  });
  await consumer.disconnect();
  return value;
}
