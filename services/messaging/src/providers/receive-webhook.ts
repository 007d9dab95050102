import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, isUuid, sha256, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { metrics } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { InboundAddresses } from '../inbound/inbound-addresses.js';
import { ProviderEventStore } from '../inbound/provider-event.store.js';
import { ReceiveMail } from '../inbound/receive-mail.js';
import { ProviderConnectionStore, type ProviderConnection } from './provider-connection.store.js';
import { type ProviderEvent, readProviderEvent } from './provider-event.js';
import { ProviderSecrets } from './provider-secrets.js';
import { isSignedBy, isTimely, readHead, type WebhookHead } from './standard-webhook.js';

const received = metrics.counter('heed_provider_webhooks_total', {
  description: 'Webhooks of mail providers, by what became of them. Alarm on refused: a secret is wrong',
});

export interface Webhook {
  tenantId: string;
  providerConnectionId: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/**
 * Takes in what a mail provider says. As with mail, one commit holds what was said, sealed, and who is not written to
 * because of it, and that this webhook was heard; only then is it answered 2xx.
 */
@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly connections: ProviderConnectionStore,
    private readonly events: ProviderEventStore,
    private readonly secrets: ProviderSecrets,
    private readonly addresses: InboundAddresses,
    private readonly receiving: ReceiveMail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async receive(webhook: Webhook): Promise<void> {
    const { connection, head } = await this.verified(webhook);
    const event = readProviderEvent(webhook.body);
    if (!event) throw refusal('WEBHOOK_UNREADABLE');
    const { tenantId, providerConnectionId } = connection;
    const eventHash = sha256(Buffer.from(head.id));
    const attemptId = await this.attemptOf(tenantId, event);
    const what = await this.receiving.receiveFromProvider(
      { tenantId, attemptId },
      { raw: webhook.body, judged: event.judged },
      (tx, at) => this.events.hear(tx, providerConnectionId, eventHash, at),
    );
    received.add(1, { outcome: what });
  }

  /** Whatever is wrong with it is answered alike: what exists here is no stranger's business. */
  private async verified({
    tenantId,
    providerConnectionId,
    headers,
    body,
  }: Webhook): Promise<{ connection: ProviderConnection; head: WebhookHead }> {
    const at = this.clock.now();
    const head = readHead(headers);
    const isTried = head && isTimely(head, at) && isUuid(tenantId) && isUuid(providerConnectionId);
    // A key is made for a tenant that has none: a stranger's made-up tenants must not become keys.
    const connection =
      isTried && (await this.uow.run(tenantId, (tx) => this.connections.find(tx, providerConnectionId)));
    if (connection && isSignedBy(head, body, await this.secrets.usable(connection, at))) {
      return { connection, head };
    }
    received.add(1, { outcome: 'refused' });
    throw refusal('WEBHOOK_REFUSED');
  }

  private async attemptOf(tenantId: string, { attemptId, returnPath }: ProviderEvent): Promise<string> {
    const addressed = returnPath === undefined ? undefined : await this.addresses.verify(returnPath);
    if (addressed?.tenantId === tenantId) return addressed.attemptId;
    return attemptId ?? '';
  }
}
