import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { contactsV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { ExplainPermit } from './explain-permit.js';
import { IssuePermits } from './issue-permits.js';
import { asksOf } from './permit-asks.js';
import { LiftStops } from './lift-stops.js';
import { ReturnPermits } from './return-permits.js';
import { StopPermits } from './stop-permits.js';
import { StreamPermits } from './stream-permits.js';

@Controller()
@contactsV1.PermitsServiceControllerMethods()
export class PermitsGrpc implements Omit<contactsV1.PermitsServiceController, 'streamPermits'> {
  constructor(
    private readonly issuing: IssuePermits,
    private readonly explaining: ExplainPermit,
    private readonly stopping: StopPermits,
    private readonly lifting: LiftStops,
    private readonly returning: ReturnPermits,
    private readonly streaming: StreamPermits,
  ) {}

  async issuePermit(
    @Payload() { ask }: contactsV1.IssuePermitRequest,
    @FromCaller() { tenantId, actorId: service, deadline }: Caller,
  ): Promise<contactsV1.IssuePermitResponse> {
    const issued = await this.issuing.issue({ tenantId, service, deadline }, asksOf({ asks: [ask!] }));
    const { answers, root, signature, keyId } = issued;
    return { answer: answers[0], root, signature, keyId };
  }

  batchIssuePermits(
    @Payload() request: contactsV1.BatchIssuePermitsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.BatchIssuePermitsResponse> {
    const { tenantId, actorId: service, deadline } = caller;
    return this.issuing.issue({ tenantId, service, deadline }, asksOf(request));
  }

  /** AsyncIterables, not Observables: an ask is read when there is room for it. */
  streamPermits(
    @Payload() requests: AsyncIterable<contactsV1.StreamPermitsRequest>,
    @FromCaller() caller: Caller,
  ): AsyncIterable<contactsV1.StreamPermitsResponse> {
    return this.streaming.stream(caller, requests);
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

  liftStops(
    @Payload() request: contactsV1.LiftStopsRequest,
    @FromCaller() caller: Caller,
  ): Promise<contactsV1.LiftStopsResponse> {
    return this.lifting.lift(caller, request);
  }
}
