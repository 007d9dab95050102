import { randomBytes } from 'node:crypto';

/** `server.properties` of one broker that is its own controller; small buffers, fast first rebalance. */
export function serverProperties(where: { logDir: string; port: number; controllerPort: number }): string {
  const { logDir, port, controllerPort } = where;
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    // A static voter: the other kind of quorum must be formatted by a JVM of its own, 2 s.
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'broker.session.timeout.ms': '1000',
    'broker.heartbeat.interval.ms': '250',
    'auto.create.topics.enable': 'false',
    'log.segment.bytes': '16777216',
    'log.index.size.max.bytes': '1048576',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '2097152',
  };
  // No comment may follow a value: Kafka would take it for part of the value.
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** What `kafka-storage format` writes for a static quorum; writing it here saves a JVM of 2 s. */
export function metaProperties(): string {
  const id = () => randomBytes(16).toString('base64url');
  return `version=1\ncluster.id=${id()}\nnode.id=1\ndirectory.id=${id()}\n`;
}
