import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { acceptInvitation, type Endpoints, HeedClient, signIn } from '@heed/client';
import { applyTopics } from '@heed/events';
import { newId } from '@heed/kernel';
import { testParts, type TestParts } from '@heed/testing';
import { Kafka, logLevel } from 'kafkajs';
import { inboundEnv } from '../../../../services/messaging/test/answering.js';
import { SmtpPeer } from '../../../../services/messaging/test/smtp-peer.js';
import { PhoneNetwork } from '../../../../services/telephony/test/phone-network.js';
import { OtlpSink } from './otlp-sink.js';
import { type Started } from './services-child.js';

export const PASSWORD = 'orchid-lantern-47';
const OPERATOR = { email: 'operator@heed.example', password: 'sturdy-bridge-12' };
const BOOTSTRAP_SECRET = 'bootstrap secret of a spec';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The six services with all that they tell anybody: what they print, export, publish and keep. */
export class Installation {
  readonly collector = new OtlpSink();
  readonly mail = new SmtpPeer();
  readonly phones = new PhoneNetwork();
  readonly prefix = `heed-canary-${newId()}.`;
  readonly printed: Buffer[] = [];
  parts!: TestParts;
  started!: Started;
  /** Once there is a tenant. */
  operator!: HeedClient;
  private child: ChildProcess | undefined;
  private readonly clients: HeedClient[] = [];

  async start(): Promise<void> {
    const [endpoint, parts] = await Promise.all([
      this.collector.start(),
      testParts('postgres', 'kafka', 'nats'),
      this.mail.start(),
      this.phones.start(),
    ]);
    this.parts = parts;
    this.phones.behave({ talk_ms: 1_000 });
    const { kafka, nats } = parts;
    if (kafka) await applyTopics({ brokers: kafka.brokers, prefix: this.prefix });
    const env = {
      HEED_SMTP_URL: this.mail.url,
      HEED_CARRIER_URL: this.phones.url,
      ...inboundEnv,
      ...(kafka && {
        ...{ HEED_BUS: 'kafka', KAFKA_BROKERS: kafka.brokers.join(','), HEED_TOPIC_PREFIX: this.prefix },
      }),
    };
    const child = spawn(
      process.execPath,
      [
        ...['--conditions=heed-source', '--import', file('../../../../libs/testing/typescript-hooks.mjs')],
        ...['--import', file('../../../../libs/telemetry/src/register.ts')],
        ...[file('./services-child.ts'), JSON.stringify({ env, natsUrl: nats?.url })],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          HEED_TEST_PARTS: JSON.stringify(parts),
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_BSP_SCHEDULE_DELAY: '200',
          OTEL_METRIC_EXPORT_INTERVAL: '1000',
        },
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream!.on('data', (chunk: Buffer) => this.printed.push(chunk));
    }
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the services did not start: ${Buffer.concat(this.printed).toString().slice(-2_000)}`);
    });
    [this.started] = (await Promise.race([once(child, 'message'), ended])) as [Started];
    ended.catch(() => undefined);
  }

  get endpoints(): Endpoints {
    return this.started as unknown as Endpoints;
  }

  client(token?: string): HeedClient {
    const client = new HeedClient(this.endpoints, token);
    this.clients.push(client);
    return client;
  }

  /** A tenant, and a member of it with these roles. */
  async member(slug: string, roles: string[]): Promise<HeedClient> {
    await this.client().operators.bootstrapOperator({ ...OPERATOR, bootstrapSecret: BOOTSTRAP_SECRET });
    this.operator = this.client((await signIn(this.endpoints, OPERATOR)).accessToken);
    const founded = await this.operator.tenants.createTenant({
      ...{ requestId: newId(), slug, name: slug, ownerEmail: `owner@${slug}.example`, ownerName: 'Olga' },
    });
    const owner = await this.join(slug, `owner@${slug}.example`, founded.invitationToken);
    const email = `all@${slug}.example`;
    const invited = await owner.members.inviteMember({ requestId: newId(), email, name: 'Ada', roles });
    return this.join(slug, email, invited.invitationToken);
  }

  async join(tenant: string, email: string, invitation: string): Promise<HeedClient> {
    await acceptInvitation(this.endpoints, invitation, PASSWORD);
    return this.client((await signIn(this.endpoints, { tenant, email, password: PASSWORD })).accessToken);
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close();
    if (this.child?.connected) {
      const gone = once(this.child, 'exit');
      this.child.disconnect();
      await gone;
    }
    if (this.parts?.kafka) await removeTopics(this.parts.kafka.brokers, this.prefix);
    await Promise.all([this.mail.stop(), this.phones.stop(), this.collector.stop()]);
  }
}

/** The broker is shared by all specs of a run. */
async function removeTopics(brokers: string[], prefix: string): Promise<void> {
  const admin = new Kafka({ clientId: 'heed-canary', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
