import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { databasesOf, type DatabaseRole } from '@heed/postgres';
import { type CarrierPart } from '../parts/carrier.js';
import { type KafkaPart } from '../parts/kafka.js';
import { type NatsPart } from '../parts/nats.js';
import { type ObjectsPart } from '../parts/objects.js';
import { type PostgresPart } from '../parts/postgres.js';
import { type SmtpPart } from '../parts/smtp.js';
import { type KeyFiles, type Secrets } from './secrets.js';
import { serviceNames, type ServiceName, type ServicePorts } from './services.js';

export interface Parts {
  postgres: PostgresPart;
  kafka: KafkaPart;
  nats: NatsPart;
  objects: ObjectsPart;
  smtp: SmtpPart;
  carrier: CarrierPart;
}

export interface SettingsInput {
  parts: Parts;
  ports: Record<ServiceName, ServicePorts>;
  secrets: Secrets;
  keys: KeyFiles;
  dataDir: string;
  env: NodeJS.ProcessEnv;
}

/** From the launcher's environment a service gets what is listed here: the superuser's URL must not reach it. */
const passedOn = /^(PATH|HOME|LANG|LC_ALL|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|OTEL_.+)$/;

/** The environment in which a service serves. It gets no password of the role that owns its tables. */
export function serviceSettings(service: ServiceName, input: SettingsInput): Record<string, string> {
  return {
    ...base(service, input),
    ...passwords(service, input, (role) => role !== 'owner' && role !== 'backup'),
  };
}

/** The environment in which a service migrates its databases, as their owner: brokers and keys are not known yet. */
export function migrationSettings(
  service: ServiceName,
  input: Pick<SettingsInput, 'secrets' | 'dataDir' | 'env'> & { postgres: PostgresPart },
): Record<string, string> {
  return { ...surroundings(service, input), ...passwords(service, input, (role) => role !== 'backup') };
}

export function serverAddress(postgres: PostgresPart): string {
  const { hostname, port } = new URL(postgres.url);
  return `${hostname}:${port || 5432}`;
}

/** What every run of a service's code needs, whatever it does. */
function surroundings(
  service: ServiceName,
  input: Pick<SettingsInput, 'dataDir' | 'env'> & { postgres: PostgresPart },
): Record<string, string> {
  const server = serverAddress(input.postgres);
  const databases = databasesOf(service);
  const passed = Object.entries(input.env).filter(([name]) => passedOn.test(name));
  return {
    ...(Object.fromEntries(passed) as Record<string, string>),
    // Compiled code of one start is read by the next one.
    NODE_COMPILE_CACHE: join(input.dataDir, 'compile-cache'),
    HEED_ENV: 'development',
    HEED_DATABASE_URL: `postgres://${server}/${databases.main}`,
    HEED_KEYS_DATABASE_URL: `postgres://${server}/${databases.keys}`,
  };
}

function base(service: ServiceName, input: SettingsInput): Record<string, string> {
  const { parts, ports, secrets, keys } = input;
  const server = serverAddress(parts.postgres);
  const http = (name: ServiceName) => `http://127.0.0.1:${ports[name].http}`;
  const settings: Record<string, string | undefined> = {
    ...surroundings(service, { ...input, postgres: parts.postgres }),
    HEED_GRPC_LISTEN: `127.0.0.1:${ports[service].grpc}`,
    HEED_HTTP_LISTEN: `127.0.0.1:${ports[service].http}`,
    ...Object.fromEntries(
      serviceNames.map((name) => [`HEED_${name.toUpperCase()}_GRPC`, `dns:///127.0.0.1:${ports[name].grpc}`]),
    ),
    HEED_IDENTITY_URL: http('identity'),
    ...parts.kafka.settings,
    NATS_URL: parts.nats.url,
    HEED_SIGNING_KEY_FILE: keys.signing,
    HEED_MASTER_KEY_FILE: keys.master,
    HEED_LOG_KEY_FILE: keys.log,
    HEED_TOKEN_KEY_FILE: keys.token,
    HEED_REGISTRATION_SECRET: secrets.registration,
    HEED_BOOTSTRAP_SECRET: service === 'identity' ? secrets.bootstrap : undefined,
    HEED_OBJECTS: parts.objects.url,
    HEED_OFFSITE: hasCopies(service) ? offsite(input) : undefined,
    ...(hasCopies(service) && {
      HEED_OFFSITE_ACCESS_KEY_ID: input.env.HEED_OFFSITE_ACCESS_KEY_ID,
      HEED_OFFSITE_SECRET_ACCESS_KEY: input.env.HEED_OFFSITE_SECRET_ACCESS_KEY,
    }),
    HEED_COPIES: input.env.HEED_COPIES,
    HEED_PROCESSORS: input.env.HEED_PROCESSORS,
    HEED_PUBLIC_URL: service === 'contacts' ? http('contacts') : undefined,
    HEED_SMTP_URL: service === 'messaging' ? parts.smtp.url : undefined,
    HEED_DNS_SERVERS: service === 'messaging' ? input.env.HEED_DNS_SERVERS : undefined,
    ...(service === 'messaging' ? inbound(input) : {}),
    HEED_TRACKING_URL: service === 'messaging' ? http('messaging') : undefined,
    HEED_CARRIER_URL: service === 'telephony' ? parts.carrier.url : undefined,
    HEED_BUS_SOURCES:
      parts.kafka.settings.HEED_BUS === 'embedded'
        ? serviceNames.map((name) => `${name}=postgres://${server}/${databasesOf(name).main}`).join(',')
        : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** A folder beside the databases outlives a mistake, and no fire: a place elsewhere is given by HEED_OFFSITE. */
function offsite({ env, dataDir }: SettingsInput): string {
  return env.HEED_OFFSITE ?? pathToFileURL(join(dataDir, 'offsite')).href;
}

function hasCopies(service: ServiceName): boolean {
  return service === 'contacts' || service === 'privacy';
}

/** A name that no one can own (RFC 6761): what is written to the local mail server is answered on this machine alone. */
export const INBOUND_DOMAIN = 'in.heed.test';

/** Where mail comes back to: real mail only to a domain that somebody has pointed here. */
function inbound({ parts, ports, env }: SettingsInput): Record<string, string | undefined> {
  if (parts.smtp.kind === 'given') {
    return {
      HEED_INBOUND_DOMAIN: env.HEED_INBOUND_DOMAIN,
      HEED_INBOUND_SMTP_HOST: env.HEED_INBOUND_SMTP_HOST,
      HEED_INBOUND_SMTP_PORT: env.HEED_INBOUND_SMTP_PORT,
    };
  }
  const { smtp } = ports.messaging;
  return {
    HEED_INBOUND_DOMAIN: INBOUND_DOMAIN,
    HEED_INBOUND_SMTP_PORT: smtp === undefined ? undefined : String(smtp),
  };
}

function passwords(
  service: ServiceName,
  input: Pick<SettingsInput, 'secrets'>,
  wanted: (role: DatabaseRole) => boolean,
): Record<string, string> {
  const entries = Object.entries(input.secrets.databases[service]).filter(([role]) =>
    wanted(role as DatabaseRole),
  );
  return Object.fromEntries(
    entries.map(([role, password]) => [`HEED_DATABASE_PASSWORD_${role.toUpperCase()}`, password]),
  );
}
