import { Kafka, logLevel } from 'kafkajs';
import { ConsentChanged } from '@heed/contracts';
import { newId, systemClock } from '@heed/kernel';
import pg from 'pg';
import { type Installation } from './installation.js';
import { BROKEN } from './person.js';

const { brokenEmail: email, brokenText: text } = BROKEN;

const MOST = 4;

/**
 * Records as no service of ours publishes them (I3 is checked at publish), but whoever can write to a topic might: in
 * every place where a text can stand. Answers where they lie, since there they are found of course.
 */
export async function plantPoison({ parts, prefix }: Installation): Promise<string[]> {
  const topic = `${prefix}${ConsentChanged.topic}`;
  const kafka = new Kafka({
    clientId: 'heed-canary',
    brokers: parts.kafka!.brokers,
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer();
  await producer.connect();
  const headers = (change: Record<string, string> = {}): Record<string, string> => ({
    ...{ ce_specversion: '1.0', ce_id: newId(), ce_type: ConsentChanged.name, ce_source: 'heed/contacts' },
    ...{ ce_time: '2026-01-01T00:00:00Z', ce_tenantid: newId(), 'content-type': 'application/protobuf' },
    ...{ tracestate: `who=${email}`, baggage: `name=${text}` },
    ...change,
  });
  try {
    const sent = await producer.send({
      topic,
      messages: [
        {
          key: newId(),
          value: Buffer.from('\x0a\x7f'),
          headers: headers({ ce_subject: email, ce_source: text }),
        },
        { key: newId(), value: Buffer.from('\x0a\x7f'), headers: headers({ ce_id: email, ce_type: text }) },
        { key: newId(), value: Buffer.from(`\x0a\x7f${email} ${text}`), headers: headers() },
        { key: email, value: Buffer.from('\x0a\x7f'), headers: headers() },
      ],
    });
    // Of a record the place; where several went into one partition, they follow each other.
    return sent.flatMap(({ partition, baseOffset = '0' }) =>
      Array.from({ length: MOST }, (_, index) => `${topic}/${partition} at ${Number(baseOffset) + index}`),
    );
  } finally {
    await producer.disconnect();
  }
}

/** Resolves once so many records were parked by campaigns, which listens to that topic. */
export async function parkedKeys({ started }: Installation, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: started.databases['campaigns'] });
  await client.connect();
  try {
    for (let parked = 0; parked < count; await systemClock.wait(50)) {
      const { rows } = await client.query<{ n: number }>('select count(*)::int as n from heed.parked');
      parked = rows[0]!.n;
    }
  } finally {
    await client.end();
  }
}
