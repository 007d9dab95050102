import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { invalidArgument, type Caller, type FieldViolation } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { channelOf } from '../contacts/channel-message.js';
import { ExplainPermit } from './explain-permit.js';
import { IssuePermits } from './issue-permits.js';
import { TEMPLATE_FIELDS, type Ask } from './permit.js';
import { ReturnPermits } from './return-permits.js';
import { StopPermits } from './stop-permits.js';

const NONCE_BYTES = 16;

@Controller()
@contactsV1.PermitsServiceControllerMethods()
export class PermitsGrpc implements contactsV1.PermitsServiceController {
  constructor(
    private readonly issuing: IssuePermits,
    private readonly explaining: ExplainPermit,
    private readonly stopping: StopPermits,
    private readonly returning: ReturnPermits,
  ) {}

  batchIssuePermits(
    @Payload() request: contactsV1.BatchIssuePermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.BatchIssuePermitsResponse> {
    const { tenantId, actorId: service, deadline } = caller;
    return this.issuing.issue({ tenantId, service, deadline }, asksOf(request));
  }

  explainPermit(
    @Payload() request: contactsV1.ExplainPermitRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ExplainPermitResponse> {
    return this.explaining.explain(caller, request);
  }

  returnPermits(
    @Payload() request: contactsV1.ReturnPermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.ReturnPermitsResponse> {
    return this.returning.return(caller, request);
  }

  stopPermits(
    @Payload() request: contactsV1.StopPermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.StopPermitsResponse> {
    return this.stopping.stop(caller, request);
  }
}

/** What the contract's field rules cannot say: an exact length, and which fields a contact has. */
export function asksOf({ asks }: contactsV1.BatchIssuePermitsRequest): Ask[] {
  const violations: FieldViolation[] = [];
  const read = asks.map((ask, index): Ask => {
    const channel = channelOf(ask.channel);
    const wrong = (field: string, reason: string): void =>
      void violations.push({ field: `asks[${index}].${field}`, reason });
    if (channel === '') wrong('channel', 'REQUIRED');
    if (ask.nonce.length !== NONCE_BYTES) wrong('nonce', 'NOT_16_BYTES');
    for (const field of ask.templateFields) {
      if (!Object.hasOwn(TEMPLATE_FIELDS, field)) wrong('template_fields', 'UNKNOWN_FIELD');
    }
    const { attemptId, contactId, purpose, nonce, templateFields: fields } = ask;
    return { attemptId, contactId, channel: channel || 'email', purpose, nonce, fields };
  });
  if (violations.length > 0) throw invalidArgument(...violations.slice(0, 50));
  return read;
}
