import { afterAll, it } from '@jest/globals';
import { applyTopics } from '@heed/events';
import { testParts } from '@heed/testing';
import { busConformance, type BusBench } from '@heed/testing/bus-conformance';
import { OwnBroker } from '@heed/testing/own-broker';
import { asAdmin, deleteTopic } from './broker.js';

const { kafka } = await testParts('kafka');

if (kafka === undefined) {
  it('is not tried on Kafka: this machine has none', () => {
    console.warn('The Kafka driver was not tried. Install Java 17 and Maven, or set KAFKA_BROKERS.');
  });
} else {
  let own: OwnBroker | undefined;
  afterAll(() => own?.stop());

  busConformance('kafka', {
    kind: 'kafka',
    features: { marksReplays: true, sharesPartitions: true },
    restart: {
      brokers: async () => (own = await OwnBroker.start()).brokers,
      act: async () => own?.killAndRestart(),
    },
    recreate: async (bench) => {
      await makeAnew(bench);
      await bench.tell(bench.events({ keys: 100, each: 5 }));
      await bench.drained();
    },
    loseTail: makeAnew,
    loseHead: async (bench) => {
      await bench.drained();
      const topic = bench.place.prefix + bench.topic;
      await asAdmin(bench.place.brokers, async (admin) => {
        const ends = await admin.fetchTopicOffsets(topic);
        const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
        await admin.deleteTopicRecords({ topic, partitions });
      });
    },
  });
}

async function makeAnew({ place, topic }: BusBench): Promise<void> {
  await deleteTopic(place.brokers, place.prefix + topic);
  await applyTopics({ brokers: place.brokers, prefix: place.prefix, topics: [place.topic], replication: 1 });
}
