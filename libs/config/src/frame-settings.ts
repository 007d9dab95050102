import { z } from 'zod';
import { copies } from './copies.js';
import { processors } from './processors.js';

const LISTEN = /^[^\s:/]+:\d{1,5}$/;

/** Databases are named without a user: the role that connects is chosen by the code, never by a URL. */
const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/ })
  .refine((value) => new URL(value).username === '' && new URL(value).password === '');
const httpUrl = z.url({ protocol: /^https?$/ });
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const listen = z.string().regex(LISTEN);
const grpcTarget = z.string().regex(/^dns:\/\/\/[^\s/]+:\d{1,5}$/);
const file = z.string().min(1);
const secret = z.string().min(1);

/** `name=postgres://host:port/database`, separated by commas. */
const busSources = z.string().transform((value, context) => {
  const sources: Record<string, string> = {};
  for (const part of value.split(',')) {
    const [name, url] = split(part.trim());
    if (!/^[a-z]+$/.test(name) || !databaseUrl.safeParse(url).success) {
      context.issues.push({ code: 'custom', input: '', message: 'not a list of sources' });
      return z.NEVER;
    }
    sources[name] = url;
  }
  return sources;
});

function split(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? ['', ''] : [part.slice(0, at), part.slice(at + 1)];
}

/**
 * Every setting that the frame knows. A key is the name of an environment variable; its description is both the
 * help text of a refusal and the row in docs/settings.md. `secret` marks what no output may show.
 */
export const frameSettings = z.object({
  HEED_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('Where this runs. production requires keys that exist and durable databases.'),

  HEED_DATABASE_URL: databaseUrl.describe("The service's own database: postgres://host:port/name, no user."),
  HEED_KEYS_DATABASE_URL: databaseUrl.describe(
    'The database of subject keys, kept apart so that its backups can be short-lived.',
  ),
  ...password('', 'Password of all database roles of this service, unless one is set for the role.'),
  ...password('_OWNER', 'Password of the role that migrates.'),
  ...password('_SERVICE', 'Password of the role that serves, one tenant at a time.'),
  ...password('_ERASER', 'Password of the role that erases and sees retained rows.'),
  ...password('_RELAY', 'Password of the role that reads outbox and inbox.'),
  ...password('_IMPORT', 'Password of the role that copies into staging tables (contacts).'),
  ...password('_PROBE', 'Password of the read-only role that probes after an erasure.'),
  ...password('_BUS', 'Password of the role that reads the outbox for the embedded bus.'),

  HEED_GRPC_LISTEN: listen.describe('Address and port of the gRPC server; port 0 takes a free one.'),
  HEED_HTTP_LISTEN: listen
    .optional()
    .describe('Address and port of the HTTP edge; needed by services that have one.'),
  ...target('IDENTITY'),
  ...target('CONTACTS'),
  ...target('CAMPAIGNS'),
  ...target('TELEPHONY'),
  ...target('MESSAGING'),
  ...target('PRIVACY'),
  HEED_IDENTITY_URL: httpUrl.describe(
    'HTTP address of identity, where the keys of member tokens are published.',
  ),
  HEED_PUBLIC_URL: httpUrl
    .optional()
    .describe('Base of the links that leave in messages (unsubscribe, preferences); contacts only.'),

  HEED_BUS: z
    .enum(['kafka', 'embedded'])
    .describe('How events travel: Kafka, or the outboxes read directly (one machine only).'),
  KAFKA_BROKERS: list.optional().describe('Kafka brokers, host:port, separated by commas.'),
  KAFKA_TLS: flag.default(false).describe('Whether the brokers are reached over TLS.'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain'])
    .optional()
    .describe('SASL mechanism of the brokers; PLAIN is the only one built.'),
  KAFKA_SASL_USERNAME: z.string().min(1).optional().describe('SASL user.'),
  KAFKA_SASL_PASSWORD: secret.optional().describe('SASL password.').meta({ secret: true }),
  HEED_TOPIC_PREFIX: z
    .string()
    .regex(/^[a-z0-9.-]*$/)
    .default('')
    .describe('Put before every topic and group; keeps tests on one broker apart.'),
  HEED_BUS_SOURCES: busSources
    .optional()
    .describe('Outboxes of the embedded bus: service=postgres://host:port/name, separated by commas.'),
  NATS_URL: z
    .url({ protocol: /^(nats|tls)$/ })
    .optional()
    .describe('NATS for signals; without it they are off.'),

  HEED_SIGNING_KEY_FILE: file.describe('Ed25519 key of this service (PKCS#8 PEM); made outside production.'),
  HEED_REGISTRATION_SECRET: secret
    .describe('Lets a service register its public key with identity.')
    .meta({ secret: true }),
  HEED_MASTER_KEY: z
    .string()
    .regex(/^(aws-kms:|vault:https?:|file:)./)
    .optional()
    .describe(
      'Keeper of the master key that wraps all others: aws-kms:ALIAS_OR_ARN (credentials as for any AWS client), vault:https://HOST/MOUNT/KEY (VAULT_TOKEN or VAULT_TOKEN_FILE, VAULT_NAMESPACE). Instead of a file.',
    ),
  HEED_MASTER_KEY_FILE: file
    .optional()
    .describe('Master key in a file: 32 bytes in base64. Needed where HEED_MASTER_KEY is not set.'),
  HEED_OLDER_MASTER_KEYS: list
    .default([])
    .describe('Keepers of master keys that wrap nothing any more and still unwrap, separated by commas.'),
  HEED_LOG_KEY_FILE: file.optional().describe('Ed25519 key of the transparency log; privacy only.'),
  HEED_OBJECTS: z
    .url({ protocol: /^(file|s3)$/ })
    .describe(
      'Where objects (recordings, imports, packages) lie: file:///folder, or s3://BUCKET/PREFIX with ?region=, ?endpoint=, ?path_style=true (credentials as for any AWS client).',
    ),
  HEED_OFFSITE: z
    .url({ protocol: /^(file|s3)$/ })
    .optional()
    .describe(
      'Where the erasure ledger and the suppressions are copied as they are written, out of reach of what destroys the databases: as HEED_OBJECTS, another place. Nothing is replaced or deleted there. Without it none are made; contacts and privacy only.',
    ),
  HEED_OFFSITE_ACCESS_KEY_ID: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Access key of HEED_OFFSITE where that is a bucket: of its own, which may write new objects there, read and list, and neither replace nor delete. Else credentials as for any AWS client, which are those of HEED_OBJECTS.',
    ),
  HEED_OFFSITE_SECRET_ACCESS_KEY: z
    .string()
    .min(1)
    .optional()
    .describe('Secret of that access key.')
    .meta({ secret: true }),
  HEED_COPIES: copies
    .optional()
    .describe(
      'Copies of the data that nobody reaches into, and after how many days each is gone: NAME:KIND:DAYS separated by commas (kinds: backup, keys-backup, wal, standby, object-versions, snapshot), NAME:retired:DATE for one that is no longer made, or none. Needed in production.',
    ),
  HEED_PROCESSORS: processors
    .optional()
    .describe(
      'Who else gets data about people to work for a service, the same for all services: SERVICE.NAME separated by commas (services: messaging, telephony), with :FROM..UNTIL (days) where it did so for a time, SERVICE.NAME:retired:DATE for one that holds nothing any more, or none. Each is told of an erasure of whoever it was handed something about (heed processors).',
    ),
  HEED_SWEEP_PAUSE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(5)
    .describe(
      'How long the nightly search for remains waits between two pieces of a table, in milliseconds, and three times as long as it worked at least; 0: it does not wait.',
    ),
  HEED_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail server; messaging only.'),
  HEED_CARRIER_URL: z.string().min(1).optional().describe('Carrier of calls; telephony only.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP); without it spans and metrics are not exported.'),
});

/** What loadSettings(frameSettings) answers: the settings, read and typed, by their environment names. */
export type FrameSettings = z.infer<typeof frameSettings>;

function password<Role extends string>(role: Role, description: string) {
  const key = `HEED_DATABASE_PASSWORD${role}` as const;
  return { [key]: secret.optional().describe(description).meta({ secret: true }) } as Record<
    typeof key,
    z.ZodOptional<z.ZodString>
  >;
}

function target<Service extends string>(service: Service) {
  const key = `HEED_${service}_GRPC` as const;
  const description = `gRPC target of ${service.toLowerCase()}: dns:///host:port.`;
  return { [key]: grpcTarget.optional().describe(description) } as Record<
    typeof key,
    z.ZodOptional<z.ZodString>
  >;
}

/** Injection token of the settings of a service: the frame's, and the service's own beside them. */
export const SETTINGS = Symbol('Settings');
