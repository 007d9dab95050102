import { topics as allTopics, type TopicSpec } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { logger, type Logger } from '@heed/telemetry';
import kafkajs, { type Admin } from 'kafkajs';
import { createTopics } from './broker-admin.js';
import { kafkaClient } from './kafka-client.js';
import { type KafkaSettings } from './kafka-settings.js';

/** What is not as the contracts say. */
export interface TopicDifference {
  topic: string;
  setting: string;
  wanted: string;
  found: string;
}

export interface TopicsOptions extends KafkaSettings {
  /** Default: every topic of the contracts. */
  topics?: readonly TopicSpec[];
  /** Copies of each partition. Default: 3, or as many as there are brokers. */
  replication?: number;
  log?: Logger;
}

export interface AppliedTopics {
  created: string[];
  altered: string[];
}

const MISSING = 'missing';

/** Compares the cluster with the contracts and changes nothing. */
export function diffTopics(options: TopicsOptions): Promise<TopicDifference[]> {
  return withAdmin(options, differences);
}

/**
 * Makes missing topics and mends settings. Partitions are never changed: a key would move to another one, and its
 * order with it. A topic with another count is refused; growth is a v2 topic.
 */
export function applyTopics(options: TopicsOptions): Promise<AppliedTopics> {
  return withAdmin(options, async (admin, specs, replication) => {
    const found = await differences(admin, specs, replication);
    const repartitioned = found.filter(({ setting }) => setting === 'partitions');
    if (repartitioned.length > 0) {
      throw new DomainError('TOPIC_PARTITIONS_DIFFER', 'failed-precondition', {
        message: repartitioned
          .map(({ topic, wanted, found: has }) => `${topic} has ${has} partitions and not ${wanted}`)
          .join('; '),
      });
    }
    const names = (which: (difference: TopicDifference) => boolean): Set<string> =>
      new Set(found.filter(which).map(({ topic }) => topic));
    const created = names((difference) => difference.found === MISSING);
    // Copies are moved by the cluster's own tools: it takes a plan, and time.
    const altered = names(({ found: has, setting }) => has !== MISSING && setting !== 'replication');
    await create(
      admin,
      specs.filter(({ name }) => created.has(name)),
      replication,
    );
    await alter(
      admin,
      specs.filter(({ name }) => altered.has(name)),
      replication,
    );
    return { created: [...created], altered: [...altered] };
  });
}

async function create(admin: Admin, specs: TopicSpec[], replication: number): Promise<void> {
  if (specs.length === 0) return;
  await createTopics(
    admin,
    specs.map((spec) => ({
      topic: spec.name,
      numPartitions: spec.partitions,
      replicationFactor: replication,
      configEntries: settingsOf(spec, replication),
    })),
  );
}

/** All settings at once: what AlterConfigs is not given it takes back to the default. */
async function alter(admin: Admin, specs: TopicSpec[], replication: number): Promise<void> {
  if (specs.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: specs.map((spec) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: spec.name,
      configEntries: settingsOf(spec, replication),
    })),
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

async function differences(
  admin: Admin,
  specs: readonly TopicSpec[],
  replication: number,
): Promise<TopicDifference[]> {
  const existing = new Set(await admin.listTopics());
  const present = specs.filter(({ name }) => existing.has(name));
  const found: TopicDifference[] = specs
    .filter(({ name }) => !existing.has(name))
    .map(({ name }) => ({ topic: name, setting: 'topic', wanted: 'present', found: MISSING }));
  if (present.length === 0) return found;
  const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
  for (const { name, partitions } of metadata.topics) {
    const wanted = String(present.find((spec) => spec.name === name)?.partitions);
    const has = String(partitions.length);
    if (has !== wanted) found.push({ topic: name, setting: 'partitions', wanted, found: has });
    const copies = Math.min(...partitions.map(({ replicas }) => replicas.length));
    if (copies < replication)
      found.push({ topic: name, setting: 'replication', wanted: String(replication), found: String(copies) });
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

async function withAdmin<T>(
  options: TopicsOptions,
  work: (admin: Admin, specs: TopicSpec[], replication: number) => Promise<T>,
): Promise<T> {
  const { prefix = '', topics = allTopics, log = logger({ component: 'topics' }) } = options;
  const admin = kafkaClient(options, 'heed-topics', log).admin({
    retry: { retries: 5, initialRetryTime: 200 },
  });
  try {
    await admin.connect();
    const replication = options.replication ?? Math.min(3, (await admin.describeCluster()).brokers.length);
    const specs = topics.map((spec) => ({ ...spec, name: prefix + spec.name }));
    return await work(admin, specs, replication);
  } finally {
    await admin.disconnect();
  }
}
