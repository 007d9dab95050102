import { Controller } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { type privacyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { ChangeKey } from './change-key.js';
import { EnrolParticipant } from './enrol-participant.js';
import { readLastReceipt } from './last-receipt.js';
import { listParticipants, participantState, type ParticipantState } from './participant.store.js';
import { RetireParticipant } from './retire-participant.js';

/** What the operator does about participants. */
@Controller()
export class ParticipantsGrpc {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly enrolling: EnrolParticipant,
    private readonly changing: ChangeKey,
    private readonly retiring: RetireParticipant,
  ) {}

  @GrpcMethod('ParticipantsService', 'EnrolParticipant')
  async enrolParticipant(
    @Payload() request: privacyV1.EnrolParticipantRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.EnrolParticipantResponse> {
    const ordersPublicKey = await this.enrolling.enrol(caller, request);
    return { participant: await this.shown(request.name), ordersPublicKey };
  }

  @GrpcMethod('ParticipantsService', 'ReplaceParticipantKey')
  async replaceParticipantKey(
    @Payload() request: privacyV1.ReplaceParticipantKeyRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.ReplaceParticipantKeyResponse> {
    await this.changing.replace(caller, request);
    return { participant: await this.shown(request.name) };
  }

  @GrpcMethod('ParticipantsService', 'RetireLostParticipant')
  async retireLostParticipant(
    @Payload() request: privacyV1.RetireLostParticipantRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RetireLostParticipantResponse> {
    await this.retiring.withoutReceipt(caller, request);
    return { participant: await this.shown(request.name) };
  }

  @GrpcMethod('ParticipantsService', 'ListParticipants')
  async listParticipants(
    @Payload() request: privacyV1.ListParticipantsRequest,
  ): Promise<privacyV1.ListParticipantsResponse> {
    const key = {
      of: ({ name }: ParticipantState) => name,
      isValid: (text: string) => /^[a-z][a-z0-9-]{1,39}$/.test(text),
    };
    const page = await this.uow.runAcross('service', (tx) =>
      readPage(request, key, (after, limit) => listParticipants(tx, after, limit)),
    );
    return { participants: page.rows.map(participantMessage), nextPageToken: page.nextPageToken };
  }

  private async shown(name: string): Promise<privacyV1.Participant | undefined> {
    const state = await this.uow.runAcross('service', (tx) => participantState(tx, name));
    return state && participantMessage(state);
  }
}

function participantMessage(state: ParticipantState): privacyV1.Participant {
  const { name, keyId, tenantIds, manifestVersion, retirement } = state;
  const remains = retirement ? (readLastReceipt(retirement)?.remains ?? []) : [];
  return {
    ...{ name, keyId, tenantIds, manifestVersion: manifestVersion ?? '' },
    enrolledAt: state.enrolledAt.toISOString(),
    seenAt: state.seenAt?.toISOString() ?? '',
    issued: BigInt(state.issued),
    handed: BigInt(state.handed),
    unanswered: BigInt(state.unanswered),
    silentSince: state.silentSince?.toISOString() ?? '',
    retiredAt: state.retiredAt?.toISOString() ?? '',
    remains: remains.map((each) => ({ ...each, count: BigInt(each.count) })),
    withoutReceipt: state.withoutReceipt ?? '',
  };
}
