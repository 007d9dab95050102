import { Injectable } from '@nestjs/common';
import { contactsV1, isForSingleMessages, type messagingV1, typesV1 } from '@heed/contracts';
import { invalidArgument, isDomainError, newId, type Caller } from '@heed/kernel';
import { RpcClients, type Client } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { currentTraceparent } from '@heed/telemetry';
import { valueViolations } from '@heed/templates';
import { placeOfValues } from '../dispatch/message-values.store.js';
import { refusal } from '../errors.js';
import { CampaignTemplates, type CampaignTemplate } from '../sending/campaign-templates.js';
import { QueueMessage } from './queue-message.js';

const TIMEOUT_MS = 2_000;

/**
 * One message to one contact, for a purpose that no consent is asked for. It goes the way of every message: whoever
 * asks for it learns no address, and it leaves under a permit or not at all.
 */
@Injectable()
export class SendMessage {
  private readonly permits: Client<contactsV1.PermitsServiceService>;

  constructor(
    private readonly templates: CampaignTemplates,
    private readonly sealing: Sealing,
    private readonly queueMessage: QueueMessage,
    rpc: RpcClients,
  ) {
    this.permits = rpc.of(contactsV1.PermitsServiceService, 'contacts');
  }

  async send(
    caller: Caller,
    request: messagingV1.SendMessageRequest,
  ): Promise<messagingV1.SendMessageResponse> {
    const { tenantId } = caller;
    const { contactId, purpose, templateId, values } = request;
    if (!isForSingleMessages(purpose))
      throw invalidArgument({ field: 'purpose', reason: 'PURPOSE_NOT_TRANSACTIONAL' });
    const { parsed } = await this.template(tenantId, templateId);
    const violations = valueViolations(parsed.variables, values);
    if (violations.length > 0) throw invalidArgument(...violations);
    await this.demandKnown(tenantId, contactId, purpose);
    const attemptId = newId();
    return this.queueMessage.queue(caller, request, {
      ...{ attemptId, contactId, purpose, templateId, traceparent: currentTraceparent() },
      sealedValues: await this.sealed(tenantId, contactId, attemptId, values),
    });
  }

  private async template(tenantId: string, templateId: string): Promise<CampaignTemplate> {
    const template = await this.templates.find(tenantId, templateId);
    if (!template) throw refusal('TEMPLATE_NOT_FOUND');
    if (template.parsed.kind !== 'transactional') throw refusal('TEMPLATE_NOT_TRANSACTIONAL');
    return template;
  }

  /** Unknown, another tenant's and erased are one answer. Whether they may be written to is asked when they are. */
  private async demandKnown(tenantId: string, contactId: string, purpose: string): Promise<void> {
    const { denial } = await this.permits.explainPermit(
      { contactId, purpose, sender: '', channel: typesV1.Channel.CHANNEL_EMAIL },
      { tenantId, timeoutMs: TIMEOUT_MS },
    );
    if (denial?.reason === contactsV1.DenialReason.DENIAL_REASON_UNKNOWN_CONTACT) {
      throw refusal('CONTACT_NOT_FOUND');
    }
  }

  private async sealed(
    tenantId: string,
    contactId: string,
    attemptId: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Buffer | undefined> {
    if (Object.keys(values).length === 0) return undefined;
    try {
      return await this.sealing.seal(
        tenantId,
        contactId,
        placeOfValues(attemptId),
        Buffer.from(JSON.stringify(values)),
      );
    } catch (error) {
      if (isDomainError(error, 'SUBJECT_ERASED')) throw refusal('CONTACT_NOT_FOUND');
      throw error;
    }
  }
}
