import { Controller } from '@nestjs/common';
import { GrpcMethod, Payload } from '@nestjs/microservices';
import { type privacyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { ReadErasures } from './read-erasures.js';
import { ReadHolds } from './read-holds.js';
import { ReadStops } from './read-stops.js';
import { WitnessIncarnation } from './witness-incarnation.js';

@Controller()
export class RestoresGrpc {
  constructor(
    private readonly witnessing: WitnessIncarnation,
    private readonly erasures: ReadErasures,
    private readonly stops: ReadStops,
    private readonly holds: ReadHolds,
  ) {}

  @GrpcMethod('RestoresService', 'WitnessIncarnation')
  witnessIncarnation(
    @Payload() request: privacyV1.WitnessIncarnationRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.WitnessIncarnationResponse> {
    return this.witnessing.tell(caller.actorId, request);
  }

  @GrpcMethod('RestoresService', 'StreamErasures')
  async *streamErasures(
    @Payload() { since }: privacyV1.StreamErasuresRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.StreamErasuresResponse> {
    const from = since === '' ? new Date(0) : new Date(since);
    for await (const orders of this.erasures.since(caller.tenantId, from)) yield { orders };
  }

  @GrpcMethod('RestoresService', 'StreamStops')
  async *streamStops(
    @Payload() _: privacyV1.StreamStopsRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.StreamStopsResponse> {
    for await (const stops of this.stops.of(caller.tenantId)) yield { stops };
  }

  @GrpcMethod('RestoresService', 'StreamHolds')
  async *streamHolds(
    @Payload() _: privacyV1.StreamHoldsRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<privacyV1.StreamHoldsResponse> {
    for await (const holds of this.holds.of(caller.tenantId)) yield { holds };
  }
}
