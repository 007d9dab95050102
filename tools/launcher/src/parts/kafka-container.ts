import { createHash } from 'node:crypto';
import { realpathSync, mkdirSync } from 'node:fs';
import { freePort } from '../processes/free-port.js';
import { containerEngine } from './containers.js';
import { kafkaVersion } from './kafka-jars.js';
import { untilWarm } from './kafka-probe.js';
import { type KafkaOptions, type KafkaPart } from './kafka.js';

/** Kafka in a container, or why not. */
export async function kafkaContainer(options: KafkaOptions): Promise<{ part: KafkaPart } | { why: string }> {
  const engine = await containerEngine();
  if ('why' in engine) return engine;
  const { GenericContainer, Wait } = engine.testcontainers;
  mkdirSync(options.dataDir, { recursive: true });
  // A volume named after the data folder: the next run on the same data must find its topics.
  const volume = `heed-kafka-${createHash('sha256').update(realpathSync(options.dataDir)).digest('hex').slice(0, 12)}`;
  const port = await freePort(options.port);
  const brokers = [`127.0.0.1:${port}`];
  try {
    options.say(`starting apache/kafka:${kafkaVersion} in a container (the image is fetched the first time)`);
    const container = await new GenericContainer(`apache/kafka:${kafkaVersion}`)
      .withExposedPorts({ container: 9092, host: port })
      .withBindMounts([{ source: volume, target: '/var/lib/kafka/data' }])
      .withEnvironment({
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
        KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
        KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${brokers[0]}`,
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
        KAFKA_LOG_DIRS: '/var/lib/kafka/data',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
        KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(120_000)
      .start();
    await untilWarm(port, 30_000);
    return {
      part: {
        kind: 'container',
        version: kafkaVersion,
        brokers,
        connection: { brokers, tls: false },
        settings: { HEED_BUS: 'kafka', KAFKA_BROKERS: brokers.join(','), KAFKA_TLS: 'false' },
        note: `apache/kafka:${kafkaVersion} in a container, its data in the volume ${volume}`,
        better: 'set KAFKA_BROKERS to a cluster: this broker is alone',
        stop: async () => {
          await container.stop({ timeout: 5_000 });
        },
      },
    };
  } catch (error) {
    return { why: `an engine answers, but the container did not start: ${(error as Error).message}` };
  }
}
