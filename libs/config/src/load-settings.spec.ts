import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '@heed/kernel';
import { z } from 'zod';
import {
  databasePasswords,
  frameRules,
  frameSettings,
  grpcTargetOf,
  listenAddress,
  loadSettings,
  settingsTable,
} from './index.js';

const environment = {
  HEED_DATABASE_URL: 'postgres://db.internal:5432/heed_contacts',
  HEED_KEYS_DATABASE_URL: 'postgres://db.internal:5432/heed_contacts_keys',
  HEED_DATABASE_PASSWORD: 'for all',
  HEED_DATABASE_PASSWORD_ERASER: 'for the eraser',
  HEED_GRPC_LISTEN: '127.0.0.1:0',
  HEED_IDENTITY_URL: 'http://127.0.0.1:3000',
  HEED_BUS: 'kafka',
  KAFKA_BROKERS: 'one:9092, two:9092',
  HEED_SIGNING_KEY_FILE: '/keys/contacts.pem',
  HEED_REGISTRATION_SECRET: 'register me',
  HEED_MASTER_KEY_FILE: '/keys/master',
  HEED_OBJECTS: 'file:///objects',
};

const refusalOf = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('loadSettings', () => {
  it('reads and types what is there, with defaults for the rest', () => {
    const settings = loadSettings(frameSettings, environment);
    expect(settings.HEED_ENV).toBe('development');
    expect(settings.KAFKA_BROKERS).toEqual(['one:9092', 'two:9092']);
    expect(settings.KAFKA_TLS).toBe(false);
  });

  it('names every bad key at once, in order, and never a value', () => {
    const error = refusalOf(() =>
      loadSettings(frameSettings, {
        ...environment,
        HEED_DATABASE_URL: 'postgres://root:hunter2@db/heed',
        HEED_BUS: 'carrier-pigeon',
        HEED_REGISTRATION_SECRET: undefined,
      }),
    );
    expect(isDomainError(error, 'SETTINGS_INVALID') && error.violations.map((v) => v.field)).toEqual([
      'HEED_DATABASE_URL',
      'HEED_BUS',
      'HEED_REGISTRATION_SECRET',
    ]);
    expect(error.message).toContain('HEED_REGISTRATION_SECRET: missing');
    expect(`${error.message}${JSON.stringify(error)}${error.stack}`).not.toMatch(/hunter2|pigeon/);
  });

  it('takes an empty variable as absent', () => {
    expect(loadSettings(frameSettings, { ...environment, NATS_URL: '' }).NATS_URL).toBeUndefined();
  });

  it('checks what must hold between keys', () => {
    const error = refusalOf(() =>
      loadSettings(frameSettings, { ...environment, HEED_BUS: 'embedded' }, [frameRules]),
    );
    expect(error.message).toContain('HEED_BUS_SOURCES');
  });

  it('5.4 is refused in production where nobody says which copies there are', () => {
    const production = { ...environment, HEED_ENV: 'production' };
    const load = (more: object) => loadSettings(frameSettings, { ...production, ...more }, [frameRules]);
    expect(refusalOf(() => load({})).message).toContain('HEED_COPIES: missing');
    expect(load({ HEED_COPIES: 'none' }).HEED_COPIES).toEqual([]);
    expect(load({ HEED_COPIES: 'base:backup:35' }).HEED_COPIES).toHaveLength(1);
  });

  it('wants a master key, in a file or outside', () => {
    const load = (more: object) =>
      loadSettings(frameSettings, { ...environment, HEED_MASTER_KEY_FILE: '', ...more }, [frameRules]);
    expect(refusalOf(() => load({})).message).toContain('HEED_MASTER_KEY_FILE: missing');
    expect(load({ HEED_MASTER_KEY: 'aws-kms:alias/heed' }).HEED_MASTER_KEY).toBe('aws-kms:alias/heed');
  });

  it('reads the sources of the embedded bus, and refuses a source that names a user', () => {
    const sources = 'contacts=postgres://h:1/heed_contacts, privacy=postgres://h:1/heed_privacy';
    const settings = loadSettings(frameSettings, { ...environment, HEED_BUS_SOURCES: sources });
    expect(Object.keys(settings.HEED_BUS_SOURCES!)).toEqual(['contacts', 'privacy']);
    const withUser = { ...environment, HEED_BUS_SOURCES: 'contacts=postgres://bob:pw@h:1/heed_contacts' };
    expect(refusalOf(() => loadSettings(frameSettings, withUser)).message).not.toContain('bob');
  });

  it("lets a service ask for more than the frame, or make the frame's optional keys its own needs", () => {
    const schema = frameSettings.extend({ HEED_SMTP_URL: z.url().describe('Mail server.') });
    expect(refusalOf(() => loadSettings(schema, environment)).message).toContain('HEED_SMTP_URL: missing');
  });
});

describe('views of the settings', () => {
  const settings = loadSettings(frameSettings, {
    ...environment,
    HEED_PRIVACY_GRPC: 'dns:///privacy.internal:7000',
  });

  it('gives each role its own password where there is one', () => {
    expect(databasePasswords(settings)).toMatchObject({ eraser: 'for the eraser', service: 'for all' });
  });

  it('finds the target of a service, and says which key is missing', () => {
    expect(grpcTargetOf(settings, 'privacy')).toBe('dns:///privacy.internal:7000');
    expect(refusalOf(() => grpcTargetOf(settings, 'messaging')).message).toContain('HEED_MESSAGING_GRPC');
  });

  it('splits an address at its last colon', () => {
    expect(listenAddress('127.0.0.1:7000')).toEqual({ host: '127.0.0.1', port: 7000 });
  });

  it('describes every key, for the documentation', () => {
    const rows = settingsTable(frameSettings);
    expect(rows.filter((row) => row.description === '')).toEqual([]);
    expect(rows.find((row) => row.key === 'HEED_ENV')).toMatchObject({
      required: false,
      fallback: 'development',
    });
    expect(rows.filter((row) => row.secret).map((row) => row.key)).toContain('HEED_REGISTRATION_SECRET');
  });
});
