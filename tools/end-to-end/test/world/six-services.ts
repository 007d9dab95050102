import { acceptInvitation, type Endpoints, HeedClient, signIn } from '@heed/client';
import { ROLES, SERVICES, type ServiceName } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { startCluster, type Cluster } from '@heed/testing/cluster';
import { inboundEnv } from '../../../../services/messaging/test/answering.js';
import { SmtpPeer } from '../../../../services/messaging/test/smtp-peer.js';
import { PhoneNetwork } from '../../../../services/telephony/test/phone-network.js';
import { SIX } from './six.js';

export const PASSWORD = 'orchid-lantern-47';
const OPERATOR = { email: 'operator@heed.example', password: 'sturdy-bridge-12' };
const BOOTSTRAP_SECRET = 'bootstrap secret of a spec';

/** A tenant with one member, who has every role: what is refused to them is refused for another reason. */
export interface Tenant {
  tenantId: string;
  slug: string;
  memberId: string;
  email: string;
  client: HeedClient;
  /** Tokens that nobody has shown yet. */
  refreshToken: string;
  invitationToken: string;
}

/** What links and images of tracked mails begin with. */
export const TRACKING_URL = 'https://track.heed.test';

/** All six services in this process, with a mail server and a carrier, as an installation has them. */
export class SixServices {
  readonly mail = new SmtpPeer();
  readonly phones = new PhoneNetwork();
  cluster!: Cluster;
  operator!: HeedClient;
  /** What has to end before the services do. */
  readonly closing: (() => Promise<void> | void)[] = [];

  /** With settings beyond those of every spec. */
  async start(more: Record<string, string> = {}): Promise<void> {
    await Promise.all([this.mail.start(), this.phones.start()]);
    this.phones.behave({});
    this.cluster = await startCluster(SIX, {
      env: {
        ...inboundEnv,
        ...{ HEED_SMTP_URL: this.mail.url, HEED_CARRIER_URL: this.phones.url },
        // Nobody answers there: what a spec sees does not hang on the machine's resolver.
        HEED_DNS_SERVERS: '127.0.0.1:1',
        HEED_TRACKING_URL: TRACKING_URL,
        ...more,
      },
    });
    const anybody = this.client();
    await anybody.operators.bootstrapOperator({ ...OPERATOR, bootstrapSecret: BOOTSTRAP_SECRET });
    this.operator = await this.signInOperator();
  }

  async signInOperator(): Promise<HeedClient> {
    return this.client((await signIn(this.endpoints, OPERATOR)).accessToken);
  }

  get endpoints(): Endpoints {
    const of = <T>(read: (name: ServiceName) => T) =>
      Object.fromEntries(SERVICES.map((name) => [name, read(name)]));
    return {
      grpc: of((name) => this.cluster.service(name).grpcTarget) as Endpoints['grpc'],
      http: of((name) => this.cluster.service(name).httpUrl),
    };
  }

  client(token?: string): HeedClient {
    const client = new HeedClient(this.endpoints, token);
    this.closing.push(() => client.close());
    return client;
  }

  async found(slug: string): Promise<Tenant> {
    const founded = await this.operator.tenants.createTenant({
      requestId: newId(),
      slug,
      name: slug,
      ownerEmail: `owner@${slug}.example`,
      ownerName: 'Olga Owner',
    });
    const tenantId = founded.tenant!.tenantId;
    const owner = await this.join(slug, `owner@${slug}.example`, founded.invitationToken);
    const email = `all@${slug}.example`;
    const { member, invitationToken } = await owner.members.inviteMember({
      requestId: newId(),
      email,
      name: 'Ada All',
      roles: [...ROLES],
    });
    const client = await this.join(slug, email, invitationToken);
    const { refreshToken } = await signIn(this.endpoints, { tenant: slug, email, password: PASSWORD });
    const waiting = await owner.members.inviteMember({
      ...{ requestId: newId(), email: `late@${slug}.example`, name: 'Lea Late', roles: ['agent'] },
    });
    return {
      ...{ tenantId, slug, memberId: member!.memberId, email, client },
      ...{ refreshToken, invitationToken: waiting.invitationToken },
    };
  }

  async stop(): Promise<void> {
    for (const close of this.closing) await close();
    await this.cluster?.stop();
    await Promise.all([this.mail.stop(), this.phones.stop()]);
  }

  private async join(tenant: string, email: string, invitation: string): Promise<HeedClient> {
    await acceptInvitation(this.endpoints, invitation, PASSWORD);
    return this.client((await signIn(this.endpoints, { tenant, email, password: PASSWORD })).accessToken);
  }
}
