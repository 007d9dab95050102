import { describe, expect, it } from '@jest/globals';
import { nothingToStop } from '../parts/part.js';
import { migrationSettings, serviceSettings, type SettingsInput } from './service-settings.js';
import { serviceNames, type ServiceName, type ServicePorts } from './services.js';

const part = { kind: 'local', version: '1', note: '', stop: nothingToStop };
const ports = Object.fromEntries(
  serviceNames.map((name, index) => [name, { grpc: 7000 + index, http: 8000 + index, smtp: 9000 }]),
) as Record<ServiceName, ServicePorts>;

function input(over: Partial<SettingsInput['parts']> = {}): SettingsInput {
  const databases = Object.fromEntries(
    serviceNames.map((name) => [name, { owner: `${name}-owner`, service: `${name}-service`, bus: 'bus' }]),
  ) as SettingsInput['secrets']['databases'];
  return {
    parts: {
      postgres: { ...part, url: 'postgres://postgres:top-secret@127.0.0.1:5555/postgres' },
      kafka: {
        ...part,
        brokers: ['127.0.0.1:9999'],
        connection: { brokers: ['127.0.0.1:9999'], tls: false },
        settings: { HEED_BUS: 'kafka', KAFKA_BROKERS: '127.0.0.1:9999', KAFKA_TLS: 'false' },
      },
      nats: { ...part, url: 'nats://127.0.0.1:4222' },
      objects: { ...part, url: 'file:///objects' },
      smtp: { ...part, url: 'smtp://127.0.0.1:25' },
      carrier: { ...part, url: 'http://127.0.0.1:81' },
      ...over,
    },
    ports,
    secrets: { registration: 'reg', bootstrap: 'boot', databases },
    keys: { signing: '/k/s.pem', master: '/k/s.master' },
    dataDir: '/data',
    env: {
      PATH: '/bin',
      HEED_POSTGRES_URL: 'postgres://postgres:top-secret@127.0.0.1:5555/postgres',
      AWS_SECRET_ACCESS_KEY: 'top-secret',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector',
    },
  };
}

describe('the environment of a service', () => {
  it.each(serviceNames)('%s gets no superuser, no owner and nothing of the launcher’s own', (name) => {
    const settings = serviceSettings(name, input());
    expect(JSON.stringify(settings)).not.toContain('top-secret');
    expect(settings).not.toHaveProperty('HEED_DATABASE_PASSWORD_OWNER');
    expect(settings['HEED_DATABASE_PASSWORD_SERVICE']).toBe(`${name}-service`);
    expect(settings['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe('http://collector');
  });

  it('gives the owner’s password to what migrates', () => {
    const { parts, ...rest } = input();
    const settings = migrationSettings('privacy', { ...rest, postgres: parts.postgres });
    expect(settings['HEED_DATABASE_PASSWORD_OWNER']).toBe('privacy-owner');
    expect(JSON.stringify(settings)).not.toContain('top-secret');
  });

  it('hands mail to messaging, calls to telephony, links to contacts and the bootstrap to identity alone', () => {
    const has = (key: string) => serviceNames.filter((name) => key in serviceSettings(name, input()));
    expect(has('HEED_SMTP_URL')).toEqual(['messaging']);
    expect(has('HEED_CARRIER_URL')).toEqual(['telephony']);
    expect(has('HEED_PUBLIC_URL')).toEqual(['contacts']);
    expect(has('HEED_INBOUND_DOMAIN')).toEqual(['messaging']);
    expect(has('HEED_BOOTSTRAP_SECRET')).toEqual(['identity']);
  });

  it('takes mail back where the mail server is its own; real mail only to a domain that somebody has named', () => {
    expect(serviceSettings('messaging', input())).toMatchObject({
      HEED_INBOUND_DOMAIN: 'in.heed.test',
      HEED_INBOUND_SMTP_PORT: '9000',
    });
    const real = input({ smtp: { ...part, kind: 'given', url: 'smtp://mail.example:25' } });
    expect(serviceSettings('messaging', real)).not.toHaveProperty('HEED_INBOUND_DOMAIN');
    const named = { ...real, env: { ...real.env, HEED_INBOUND_DOMAIN: 'in.example.org' } };
    expect(serviceSettings('messaging', named)).toMatchObject({ HEED_INBOUND_DOMAIN: 'in.example.org' });
  });

  it('names the outbox of every service where the bus is embedded, and only there', () => {
    expect(serviceSettings('privacy', input())).not.toHaveProperty('HEED_BUS_SOURCES');
    const embedded = {
      ...part,
      brokers: [],
      connection: { brokers: [], tls: false },
      settings: { HEED_BUS: 'embedded' },
    };
    const sources = serviceSettings('privacy', input({ kafka: embedded }))['HEED_BUS_SOURCES'];
    expect(sources?.split(',')).toHaveLength(6);
    expect(sources).toContain('contacts=postgres://127.0.0.1:5555/heed_contacts');
  });
});
