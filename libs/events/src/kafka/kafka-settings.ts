import { DomainError } from '@heed/kernel';
import { type KafkaConfig } from 'kafkajs';

/** How the brokers are reached. */
export interface KafkaSettings {
  brokers: readonly string[];
  tls?: boolean;
  sasl?: { mechanism: string; username: string; password: string };
  /** Put before every topic and group, to keep installations (and specs) on one cluster apart. */
  prefix?: string;
}

/** What we do not speak is refused by name at the start, not found out by a connection that never comes up. */
export function connectionOf(settings: KafkaSettings): Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'> {
  const { brokers, tls = false, sasl } = settings;
  if (brokers.length === 0) throw refusal('KAFKA_BROKERS_MISSING', 'KAFKA_BROKERS names no broker');
  const odd = brokers.find((broker) => !/^[^\s:/@]+:\d{1,5}$/.test(broker));
  if (odd !== undefined) {
    throw refusal('KAFKA_BROKER_MALFORMED', 'KAFKA_BROKERS is host:port, separated by commas');
  }
  if (sasl === undefined) return { brokers: [...brokers], ssl: tls };
  if (sasl.mechanism.toLowerCase() !== 'plain') {
    throw refusal(
      'KAFKA_SASL_MECHANISM_UNSUPPORTED',
      `KAFKA_SASL_MECHANISM ${sasl.mechanism.slice(0, 40)}: only plain is built`,
    );
  }
  if (sasl.username === '' || sasl.password === '') {
    throw refusal('KAFKA_SASL_INCOMPLETE', 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD go with plain');
  }
  return {
    brokers: [...brokers],
    ssl: tls,
    sasl: { mechanism: 'plain', username: sasl.username, password: sasl.password },
  };
}

function refusal(reason: string, message: string): DomainError {
  return new DomainError(reason, 'failed-precondition', { message });
}
