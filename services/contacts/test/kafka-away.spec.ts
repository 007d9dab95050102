import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentChanged, contactsV1, typesV1 } from '@heed/contracts';
import { applyTopics } from '@heed/events';
import { newId } from '@heed/kernel';
import { connectSignals, type Signals } from '@heed/signals';
import { testParts } from '@heed/testing';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { OwnBroker } from '@heed/testing/own-broker';
import kafkajs from 'kafkajs';
import { contacts } from '../src/service.js';
import { GivenPeople } from './given-people.js';

const { kafka, nats } = await testParts('kafka', 'nats');

if (kafka && nats) {
  describe('opt-outs that are heard while Kafka is down', whileKafkaIsDown);
} else {
  it('are not tried here: this machine has no Kafka or no NATS', () => {
    console.warn('Opt-outs without Kafka were not tried. Install Java 17 and Maven; NATS comes by pip.');
  });
}

function whileKafkaIsDown(): void {
  // Signals of other specs go over the same server.
  const prefix = `away-${newId()}.`;
  let broker: OwnBroker;
  let cluster: Cluster;
  let signals: Signals;
  let people: GivenPeople;

  beforeAll(async () => {
    broker = await OwnBroker.start();
    await applyTopics({ brokers: broker.brokers, prefix, replication: 1 });
    cluster = await startCluster([contacts], {
      natsUrl: nats!.url,
      env: { HEED_BUS: 'kafka', KAFKA_BROKERS: broker.brokers.join(','), HEED_TOPIC_PREFIX: prefix },
    });
    signals = connectSignals({ url: nats!.url, prefix });
    people = new GivenPeople(cluster);
  });
  afterAll(async () => {
    await signals?.close();
    await cluster?.stop();
    await broker?.stop();
  });

  /** Resolves when senders are told that they must let somebody go. */
  const revoked = (contactId: string): Promise<void> =>
    new Promise((resolve) => {
      const stop = signals.subscribe('heed.revoked', (data) => {
        if ((data as { contactId?: string }).contactId !== contactId) return;
        stop();
        resolve();
      });
    });

  /** Reads the topic from its beginning until everybody was told to have opted out, in the order of their epochs. */
  async function published(contactIds: readonly string[]): Promise<void> {
    const consumer = new kafkajs.Kafka({
      brokers: broker.brokers,
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 50, maxRetryTime: 1_000 },
    }).consumer({ groupId: newId() });
    const missing = new Set(contactIds);
    await consumer.connect();
    await consumer.subscribe({ topic: prefix + ConsentChanged.topic, fromBeginning: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const eachMessage = async ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
          const change = ConsentChanged.codec.decode(message.value!);
          if (change.state !== contactsV1.ConsentState.CONSENT_STATE_OPTED_OUT) return;
          missing.delete(change.contactId);
          if (missing.size === 0) resolve();
        };
        consumer.run({ eachMessage }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
    }
  }

  it('2.11 are committed and silence senders at once, and are told when it is back', async () => {
    const [told, clicked] = [await people.person(), await people.person()];
    const link = await people.linkTo(clicked);
    expect((await people.answerFor(told)).$case).toBe('permit');
    const heard = [revoked(told), revoked(clicked)];
    const restart = await broker.kill();

    const { effect } = await people.optOut(told);
    expect(effect).toBe(contactsV1.OptOutEffect.OPT_OUT_EFFECT_RECORDED);
    expect((await people.follow(link)).status).toBe(200);
    await Promise.all(heard);
    for (const contactId of [told, clicked]) {
      expect(await people.answerFor(contactId)).toMatchObject({
        $case: 'denial',
        value: { reason: contactsV1.DenialReason.DENIAL_REASON_OPTED_OUT },
      });
    }

    restart();
    await published([told, clicked]);
    const changes = await cluster.published(ConsentChanged);
    expect(changes.filter(({ channel }) => channel !== typesV1.Channel.UNRECOGNIZED)).toHaveLength(4);
  });
}
