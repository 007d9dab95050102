import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { telephonyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { SpokenDoubts } from './spoken-doubts.js';

@Controller()
@telephonyV1.SpokenDoubtsServiceControllerMethods()
export class SpokenDoubtsGrpc implements telephonyV1.SpokenDoubtsServiceController {
  constructor(private readonly doubts: SpokenDoubts) {}

  listSpokenDoubts(
    @Payload() request: telephonyV1.ListSpokenDoubtsRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.ListSpokenDoubtsResponse> {
    return this.doubts.list(caller.tenantId, request);
  }

  revealSpokenDoubt(
    @Payload() { spokenDoubtId }: telephonyV1.RevealSpokenDoubtRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.RevealSpokenDoubtResponse> {
    return this.doubts.reveal(caller, spokenDoubtId);
  }

  decideSpokenDoubt(
    @Payload() request: telephonyV1.DecideSpokenDoubtRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.DecideSpokenDoubtResponse> {
    return this.doubts.decide(caller, request);
  }
}
