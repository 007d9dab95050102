import { describe, expect, it } from '@jest/globals';
import { coordinatorError, findCoordinatorRequest } from './kafka-probe.js';
import { metaProperties, serverProperties } from './kafka-properties.js';
import { givenSettings } from './kafka.js';

describe('the settings of a given Kafka', () => {
  it('pass brokers, TLS and SASL PLAIN on to the services', () => {
    expect(
      givenSettings({
        KAFKA_BROKERS: 'a:9093, b:9093',
        KAFKA_TLS: 'true',
        KAFKA_SASL_MECHANISM: 'PLAIN',
        KAFKA_SASL_USERNAME: 'u',
        KAFKA_SASL_PASSWORD: 'p',
      }),
    ).toEqual({
      HEED_BUS: 'kafka',
      KAFKA_BROKERS: 'a:9093,b:9093',
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
    });
  });

  it('refuse what the driver does not speak instead of leaving it out', () => {
    expect(() => givenSettings({ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'scram-sha-512' })).toThrow(
      /scram-sha-512 is not supported/,
    );
    expect(() => givenSettings({ KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'plain' })).toThrow(/USERNAME/);
    expect(() => givenSettings({ KAFKA_BROKERS: 'a:1,b' })).toThrow(/not so: b/);
    expect(() => givenSettings({ KAFKA_BROKERS: ' , ' })).toThrow(/list of host:port/);
  });
});

describe('the files of a broker', () => {
  const properties = serverProperties({ logDir: '/d/log', port: 1, controllerPort: 2 });

  it('have one key a line and no comment, which Kafka would take for part of a value', () => {
    for (const line of properties.trimEnd().split('\n')) expect(line).toMatch(/^[a-z.]+=[^#\s]+$/);
    expect(properties).toContain('listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\n');
    expect(properties).toContain('auto.create.topics.enable=false\n');
  });

  it('name cluster and directory by 16 random bytes in base64url, as Kafka writes them', () => {
    expect(metaProperties()).toMatch(
      /^version=1\ncluster\.id=[\w-]{22}\nnode\.id=1\ndirectory\.id=[\w-]{22}\n$/,
    );
    expect(metaProperties()).not.toBe(metaProperties());
  });
});

describe('the request that warms a broker', () => {
  it('is framed as FindCoordinator, version 1, for a consumer group', () => {
    const frame = findCoordinatorRequest(7, 'g1');
    expect(frame.readInt32BE(0)).toBe(frame.length - 4);
    expect([frame.readInt16BE(4), frame.readInt16BE(6), frame.readInt32BE(8)]).toEqual([10, 1, 7]);
    expect(frame.subarray(-5).toString('latin1')).toBe('\x00\x02g1\x00');
  });

  it('takes no half answer for one', () => {
    const answer = Buffer.alloc(14);
    answer.writeInt16BE(15, 12);
    expect(coordinatorError(answer)).toBe(15);
    expect(coordinatorError(answer.subarray(0, 13))).toBeUndefined();
  });
});
