import { Inject, Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { CLOCK, newId, type Caller, type Clock } from '@heed/kernel';
import { currentCall, FromCaller } from '@heed/rpc';
import { StreamPackage } from '../access/stream-package.js';
import { RecordAccess } from '../audit/record-access.js';
import { GetCertificate } from '../certificates/get-certificate.js';
import { ApproveRequest } from '../review/approve-request.js';
import { UpdateReviewRules } from '../review/update-review-rules.js';
import { Corrections } from './corrections.js';
import { CreateErasures } from './create-erasures.js';
import { CreateRequest } from './create-request.js';
import { DecideRequest } from './decide-request.js';
import { EndRequest } from './end-request.js';
import { Identifiers, type Given } from './identifiers.js';
import { InformFirst } from './inform-first.js';
import { ReadRequests } from './read-requests.js';

@Controller()
@privacyV1.RequestsServiceControllerMethods()
export class RequestsGrpc implements Omit<
  privacyV1.RequestsServiceController,
  'watchRequest' | 'streamAccessPackage'
> {
  constructor(
    private readonly creating: CreateRequest,
    private readonly erasing: CreateErasures,
    private readonly reading: ReadRequests,
    private readonly approving: ApproveRequest,
    private readonly rules: UpdateReviewRules,
    private readonly inform: InformFirst,
    private readonly deciding: DecideRequest,
    private readonly ending: EndRequest,
    private readonly certificates: GetCertificate,
    private readonly packages: StreamPackage,
    private readonly identifiers: Identifiers,
    private readonly corrections: Corrections,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  createRequest(
    @Payload() request: privacyV1.CreateRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.CreateRequestResponse> {
    return this.creating.create(caller, request);
  }

  batchCreateErasures(
    @Payload() request: privacyV1.BatchCreateErasuresRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.BatchCreateErasuresResponse> {
    return this.erasing.create(caller, request);
  }

  approveRequest(
    @Payload() request: privacyV1.ApproveRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ApproveRequestResponse> {
    return this.approving.approve(caller, request);
  }

  getReviewRules(
    @Payload() _request: privacyV1.GetReviewRulesRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetReviewRulesResponse> {
    return this.rules.get(caller);
  }

  updateReviewRules(
    @Payload() request: privacyV1.UpdateReviewRulesRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.UpdateReviewRulesResponse> {
    return this.rules.update(caller, request);
  }

  noteInformed(
    @Payload() request: privacyV1.NoteInformedRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.NoteInformedResponse> {
    return this.inform.note(caller, request);
  }

  closeWithExceptions(
    @Payload() request: privacyV1.CloseWithExceptionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.CloseWithExceptionsResponse> {
    return this.deciding.closeWithExceptions(caller, request);
  }

  refuseRequest(
    @Payload() request: privacyV1.RefuseRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RefuseRequestResponse> {
    return this.ending.refuse(caller, request);
  }

  cancelRequest(
    @Payload() request: privacyV1.CancelRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.CancelRequestResponse> {
    return this.ending.cancel(caller, request);
  }

  extendRequest(
    @Payload() request: privacyV1.ExtendRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ExtendRequestResponse> {
    return this.deciding.extend(caller, request);
  }

  async getRequest(
    @Payload() { requestId }: privacyV1.GetRequestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetRequestResponse> {
    return { request: await this.reading.byId(caller.tenantId, requestId) };
  }

  listRequests(
    @Payload() request: privacyV1.ListRequestsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ListRequestsResponse> {
    return this.reading.list(caller.tenantId, request);
  }

  async *watchRequest(
    @Payload() { requestId }: privacyV1.WatchRequestRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.WatchRequestResponse> {
    const gone = currentCall()?.signal ?? new AbortController().signal;
    for await (const request of this.reading.watch(caller.tenantId, requestId, gone)) yield { request };
  }

  async getCertificate(
    @Payload() { requestId }: privacyV1.GetCertificateRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetCertificateResponse> {
    return { certificate: await this.certificates.get(caller, requestId) };
  }

  streamAccessPackage(
    @Payload() { requestId }: privacyV1.StreamAccessPackageRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.StreamAccessPackageResponse> {
    return this.packages.stream(caller, requestId);
  }

  /** For stores that must search by address. That they asked is recorded. */
  async getIdentifiers(
    @Payload() { handle }: privacyV1.GetIdentifiersRequest,
    @FromCaller() { tenantId, actorId, method: action }: Caller,
  ): Promise<privacyV1.GetIdentifiersResponse> {
    const found = await this.identifiers.byHandle(tenantId, handle);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    return {
      emails: found.filter(({ channel }) => channel === 'email').map(({ address }) => address),
      phones: found.filter(({ channel }) => channel === 'voice').map(({ address }) => address),
    };
  }

  /** For services that hold a copy. That they asked is recorded. */
  async getCorrections(
    @Payload() { handle }: privacyV1.GetCorrectionsRequest,
    @FromCaller() { tenantId, actorId, method: action }: Caller,
  ): Promise<privacyV1.GetCorrectionsResponse> {
    const { subjectId, corrections } = await this.corrections.byHandle(tenantId, handle);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
    ]);
    return { corrections };
  }

  /** For probes. That they asked is recorded once for all of them. */
  async batchGetIdentifiers(
    @Payload() { handles }: privacyV1.BatchGetIdentifiersRequest,
    @FromCaller() { tenantId, actorId, method: action }: Caller,
  ): Promise<privacyV1.BatchGetIdentifiersResponse> {
    const found = await this.identifiers.byHandles(tenantId, handles);
    await this.audit.record(tenantId, [
      { entryId: newId(), at: this.clock.now(), actorId, action, service: 'privacy' },
    ]);
    return { people: [...found].map(([handle, given]) => ({ handle, ...byChannel(given) })) };
  }
}

function byChannel(found: readonly Given[]): privacyV1.GetIdentifiersResponse {
  return {
    emails: found.filter(({ channel }) => channel === 'email').map(({ address }) => address),
    phones: found.filter(({ channel }) => channel === 'voice').map(({ address }) => address),
  };
}
