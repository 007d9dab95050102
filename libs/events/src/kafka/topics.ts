import { type TopicSpec } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';

/** What is not as the contracts say. */
export interface TopicDifference {
  topic: string;
  setting: string;
  wanted: string;
  found: string;
}

export interface TopicsOptions {
  topics: readonly TopicSpec[];
  prefix?: string;
  /** Copies of each partition: 3 in production, 1 on one broker. */
  replication: number;
}

const MISSING = 'missing';

/** Compares the cluster with the contracts and changes nothing. */
export async function diffTopics(kafka: Kafka, options: TopicsOptions): Promise<TopicDifference[]> {
  return withAdmin(kafka, (admin) => differences(admin, options));
}

/**
 * Makes missing topics and mends settings; answers what was different. Partitions are never changed: a key would move
 * to another one, and its order with it. A topic that has another count is refused; growth is a v2 topic.
 */
export async function applyTopics(kafka: Kafka, options: TopicsOptions): Promise<TopicDifference[]> {
  return withAdmin(kafka, async (admin) => {
    const found = await differences(admin, options);
    const fixed = found.filter(({ setting }) => setting === 'partitions');
    if (fixed.length > 0) {
      throw new DomainError('TOPIC_PARTITIONS_DIFFER', 'failed-precondition', {
        message: fixed
          .map(({ topic, wanted, found: has }) => `${topic} has ${has} partitions and not ${wanted}`)
          .join('; '),
      });
    }
    const { prefix = '', replication } = options;
    const missing = new Set(
      found.filter(({ wanted }) => wanted === MISSING || wanted === 'present').map(({ topic }) => topic),
    );
    const specs = options.topics.map((spec) => ({ ...spec, name: prefix + spec.name }));
    const make = specs.filter((spec) => missing.has(spec.name));
    if (make.length > 0) {
      await admin.createTopics({
        waitForLeaders: true,
        topics: make.map((spec) => ({
          topic: spec.name,
          numPartitions: spec.partitions,
          replicationFactor: replication,
          configEntries: settingsOf(spec, replication),
        })),
      });
    }
    const altered = new Set(found.map(({ topic }) => topic).filter((topic) => !missing.has(topic)));
    const alter = specs.filter((spec) => altered.has(spec.name));
    if (alter.length > 0) {
      await admin.alterConfigs({
        validateOnly: false,
        resources: alter.map((spec) => ({
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: spec.name,
          configEntries: settingsOf(spec, replication),
        })),
      });
    }
    return found;
  });
}

function settingsOf(spec: TopicSpec, replication: number): { name: string; value: string }[] {
  return [
    { name: 'retention.ms', value: String(spec.retentionMs) },
    // Never compaction: a topic with several types would lose facts.
    { name: 'cleanup.policy', value: 'delete' },
    // What is acknowledged is on two machines; a broker that missed something never leads.
    { name: 'min.insync.replicas', value: String(Math.min(2, replication)) },
    { name: 'unclean.leader.election.enable', value: 'false' },
  ];
}

async function differences(admin: Admin, options: TopicsOptions): Promise<TopicDifference[]> {
  const { prefix = '', replication } = options;
  const existing = new Set(await admin.listTopics());
  const found: TopicDifference[] = [];
  const present: TopicSpec[] = [];
  for (const spec of options.topics) {
    const name = prefix + spec.name;
    if (existing.has(name)) present.push({ ...spec, name });
    else found.push({ topic: name, setting: 'topic', wanted: 'present', found: MISSING });
  }
  if (present.length === 0) return found;
  const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
  for (const { name, partitions } of metadata.topics) {
    const wanted = present.find((spec) => spec.name === name)?.partitions ?? 0;
    if (partitions.length !== wanted) {
      found.push({
        topic: name,
        setting: 'partitions',
        wanted: String(wanted),
        found: String(partitions.length),
      });
    }
  }
  const configs = await admin.describeConfigs({
    includeSynonyms: false,
    resources: present.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  for (const { resourceName, configEntries } of configs.resources) {
    const spec = present.find(({ name }) => name === resourceName);
    for (const { name: setting, value: wanted } of spec ? settingsOf(spec, replication) : []) {
      const has = configEntries.find(({ configName }) => configName === setting)?.configValue ?? '';
      if (has !== wanted) found.push({ topic: resourceName, setting, wanted, found: has });
    }
  }
  return found;
}

async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin({ retry: { retries: 5, initialRetryTime: 200 } });
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
