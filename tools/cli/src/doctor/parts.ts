import { connect } from 'node:net';
import { type ServiceName } from '@heed/contracts';
import { diffTopics, type KafkaSettings } from '@heed/events';
import { checkHealth } from '@heed/rpc';
import { ok, unreachable, when, type Finding } from './finding.js';

const PATIENCE_MS = 3_000;

export async function serviceFindings(grpc: Record<ServiceName, string>): Promise<Finding[]> {
  return Promise.all(
    Object.entries(grpc).map(async ([service, target]) => {
      const state = await checkHealth(target).catch(() => 'NO_ANSWER');
      return when(state !== 'SERVING', 'error', `${service} health`, `${state} at ${target}`, {
        why: 'without contacts nobody may be reached; without any other one, requests stay open',
        cure: `start it, or read its log: ${service} says why it does not serve`,
      });
    }),
  );
}

/** What differs from the contracts, each with what rests on it. */
export async function topicFindings(kafka: KafkaSettings, production: boolean): Promise<Finding[]> {
  try {
    const differences = await diffTopics({ ...kafka, ...(production && { replication: 3 }) });
    if (differences.length === 0) return [ok('kafka topics', 'as the contracts say')];
    const settings = [...new Set(differences.map(({ setting }) => setting))];
    return settings.map((setting) => ({
      severity: 'error',
      about: `kafka ${setting}`,
      found: differences
        .filter((difference) => difference.setting === setting)
        .map(({ topic, wanted, found }) => `${topic}: ${found}, and not ${wanted}`)
        .join('; '),
      why: REASONS[setting] ?? 'the contract says otherwise',
      cure: CURES[setting] ?? 'heed topics apply',
    }));
  } catch (error) {
    return [unreachable('kafka', error, 'is KAFKA_BROKERS right, do the brokers run, do TLS and SASL fit?')];
  }
}

const REASONS: Record<string, string> = {
  topic: 'I9: what is published to it cannot be delivered',
  partitions: 'I9: keys move to other partitions, and their order is lost',
  replication: 'I9: one broker gone takes events with it that were acknowledged',
  'retention.ms': 'I5: after a restore what was told since cannot be replayed',
  'cleanup.policy': 'I9: compaction removes facts',
  'min.insync.replicas': 'I9: an acknowledged event may lie on one machine',
  'unclean.leader.election.enable': 'I9: a broker that missed events may lead, and they are gone',
};

const CURES: Record<string, string> = {
  partitions: 'publish a v2 topic beside it; never repartition',
  replication: 'kafka-reassign-partitions with as many brokers as copies',
};

/** SPEC (RFC 5321, 4.2): the server speaks first; anything but 220 turns us away. */
export async function mailFinding(url: string): Promise<Finding> {
  const about = 'mail server';
  const consequence = {
    severity: 'warning' as const,
    why: 'no mail leaves; what waits asks for no permits, and goes on by itself',
    cure: 'docs/runbooks/provider-down.md; is HEED_SMTP_URL right, does the server run?',
  };
  try {
    const { protocol, hostname, port } = new URL(url);
    // Over TLS from the first byte on nothing is said in clear.
    if (protocol === 'smtps:') return ok(about, 'speaks TLS alone: not looked at');
    const greeting = await greetingOf(hostname, Number(port || 25));
    return when(
      !greeting.startsWith('220'),
      'warning',
      about,
      `answers ${greeting.slice(0, 3)}`,
      consequence,
    );
  } catch (error) {
    return { ...unreachable(about, error, consequence.cure), ...consequence };
  }
}

/** SPEC: NATS client protocol: the server speaks first, with INFO and a JSON. */
export async function natsFinding(url: string | undefined): Promise<Finding> {
  const about = 'nats';
  if (!url) {
    return {
      ...{ severity: 'note', about, found: 'signals are off (no NATS_URL)' },
      why: 'I2 holds by the age of permits: an opt-out takes effect within a second instead of milliseconds',
      cure: 'run a NATS server and set NATS_URL',
    };
  }
  try {
    const { hostname, port } = new URL(url.split(',')[0]!);
    const greeting = await greetingOf(hostname, Number(port || 4222));
    const { version } = JSON.parse(greeting.replace(/^INFO /, '')) as { version?: string };
    return ok(about, `answers, version ${version ?? '?'}`);
  } catch (error) {
    const away = unreachable(about, error, 'is NATS_URL right, does the server run?');
    return {
      ...away,
      severity: 'warning',
      why: 'I2 holds by the age of permits, slower; nothing rests on signals',
    };
  }
}

function greetingOf(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('utf8').split('\r\n')[0] ?? '');
    });
    socket.once('timeout', () => socket.destroy(new Error('no greeting')));
    socket.once('error', reject);
  });
}
