import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@heed/kernel';
import { connectionOf, type KafkaSettings } from './kafka-settings.js';

const refusalOf = (settings: KafkaSettings): string => {
  try {
    connectionOf(settings);
    return 'accepted';
  } catch (error) {
    return isDomainError(error) ? error.reason : 'another error';
  }
};

describe('the connection to Kafka', () => {
  it('speaks TLS and SASL PLAIN', () => {
    const sasl = { mechanism: 'PLAIN', username: 'heed', password: 'secret' };
    expect(connectionOf({ brokers: ['a:9092', 'b:9092'], tls: true, sasl })).toEqual({
      brokers: ['a:9092', 'b:9092'],
      ssl: true,
      sasl: { mechanism: 'plain', username: 'heed', password: 'secret' },
    });
  });

  it.each<[string, KafkaSettings]>([
    ['KAFKA_BROKERS_MISSING', { brokers: [] }],
    ['KAFKA_BROKER_MALFORMED', { brokers: ['SASL_SSL://a:9092'] }],
    [
      'KAFKA_SASL_MECHANISM_UNSUPPORTED',
      { brokers: ['a:1'], sasl: { mechanism: 'scram-sha-512', username: 'a', password: 'b' } },
    ],
    [
      'KAFKA_SASL_INCOMPLETE',
      { brokers: ['a:1'], sasl: { mechanism: 'plain', username: 'a', password: '' } },
    ],
  ])('refuses what it does not speak: %s', (reason, settings) => {
    expect(refusalOf(settings)).toBe(reason);
  });
});
