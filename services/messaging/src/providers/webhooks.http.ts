import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { Describe, PublicRoute, RawBody } from '@heed/http';
import { type Request } from 'express';
import { PROVIDER_EVENT_FORM } from './provider-event.js';
import { ReceiveWebhook } from './receive-webhook.js';

const MOST_BYTES = 64 * 1024;

/** What mail providers say. Who they are says the signature, and nothing else. */
@Controller('webhooks')
@PublicRoute()
export class WebhooksHttp {
  constructor(private readonly receiving: ReceiveWebhook) {}

  @Post('mail/:tenantId/:providerConnectionId')
  @HttpCode(204)
  @RawBody(MOST_BYTES)
  @Describe({
    summary:
      'Says what became of a message: mail.delivered, mail.bounced, mail.complained, mail.unsubscribed. Signed by Standard Webhooks; the same webhook-id counts once.',
    parts: { tenantId: 'Id of the tenant.', providerConnectionId: 'Id of the connection.' },
    body: PROVIDER_EVENT_FORM,
    answers: { 204: { says: 'It is kept, or was kept before, or is of a type that changes nothing.' } },
  })
  async receive(
    @Param('tenantId') tenantId: string,
    @Param('providerConnectionId') providerConnectionId: string,
    @Req() request: Request,
  ): Promise<void> {
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    await this.receiving.receive({ tenantId, providerConnectionId, headers: request.headers, body });
  }
}
