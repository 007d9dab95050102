import { Controller } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { type privacyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { currentCall, FromCaller } from '@heed/rpc';
import { refusal } from '../errors.js';
import { ChangeKey } from './change-key.js';
import { GiveCorrections } from './give-corrections.js';
import { GiveIdentifiers } from './give-identifiers.js';
import { participantByName } from './participant.store.js';
import { type Participant } from './participant.js';
import { PullOrders } from './pull-orders.js';
import { RegisterManifest } from './register-manifest.js';
import { RetireParticipant } from './retire-participant.js';
import { SubmitReceipt } from './submit-receipt.js';

/** What a participant does by itself. That the token is signed with its key was established before. */
@Controller()
export class ParticipationGrpc {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly registering: RegisterManifest,
    private readonly pulling: PullOrders,
    private readonly submitting: SubmitReceipt,
    private readonly identifying: GiveIdentifiers,
    private readonly correcting: GiveCorrections,
    private readonly retiring: RetireParticipant,
    private readonly changing: ChangeKey,
  ) {}

  @GrpcMethod('ParticipantsService', 'RegisterManifest')
  async registerManifest(
    @Payload() request: privacyV1.RegisterManifestRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RegisterManifestResponse> {
    return this.registering.register(await this.participant(caller), request);
  }

  @GrpcMethod('ParticipantsService', 'PullOrders')
  async *pullOrders(
    @Payload() { after }: privacyV1.PullOrdersRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.PullOrdersResponse> {
    const gone = currentCall()?.signal ?? new AbortController().signal;
    yield* this.pulling.pull(await this.participant(caller), Number(after), gone);
  }

  @GrpcMethod('ParticipantsService', 'SubmitReceipt')
  async submitReceipt(
    @Payload() request: privacyV1.SubmitReceiptRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.SubmitReceiptResponse> {
    return this.submitting.submit(caller.tenantId, await this.participant(caller), request);
  }

  @GrpcMethod('ParticipantsService', 'GetSubjectIdentifiers')
  async getSubjectIdentifiers(
    @Payload() { handle }: privacyV1.GetSubjectIdentifiersRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetSubjectIdentifiersResponse> {
    return this.identifying.give(caller, handle);
  }

  @GrpcMethod('ParticipantsService', 'GetSubjectCorrections')
  async getSubjectCorrections(
    @Payload() { handle }: privacyV1.GetSubjectCorrectionsRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.GetSubjectCorrectionsResponse> {
    return this.correcting.give(caller, handle);
  }

  @GrpcMethod('ParticipantsService', 'RetireParticipant')
  async retireParticipant(
    @Payload() request: privacyV1.RetireParticipantRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RetireParticipantResponse> {
    return this.retiring.retire(await this.participant(caller), request);
  }

  @GrpcMethod('ParticipantsService', 'ChangeParticipantKey')
  async changeParticipantKey(
    @Payload() request: privacyV1.ChangeParticipantKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ChangeParticipantKeyResponse> {
    return { keyId: await this.changing.change(await this.participant(caller), request) };
  }

  private async participant({ actorId }: Caller): Promise<Participant> {
    const found = await this.uow.runAcross('service', (tx) => participantByName(tx, actorId));
    if (!found) throw refusal('PARTICIPANT_UNKNOWN');
    return found;
  }
}
