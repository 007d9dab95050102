import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { messagingV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { FromCaller } from '@heed/rpc';
import { SendMessage } from '../singles/send-message.js';
import { ReadAttempts } from './read-attempts.js';
import { RevealMessage } from './reveal-message.js';

@Controller()
@messagingV1.MessagesServiceControllerMethods()
export class MessagesGrpc implements messagingV1.MessagesServiceController {
  constructor(
    private readonly reading: ReadAttempts,
    private readonly revealing: RevealMessage,
    private readonly sending: SendMessage,
  ) {}

  sendMessage(
    @Payload() request: messagingV1.SendMessageRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.SendMessageResponse> {
    return this.sending.send(caller, request);
  }

  async getAttempt(
    @Payload() { attemptId }: messagingV1.GetAttemptRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.GetAttemptResponse> {
    return { attempt: await this.reading.get(caller, attemptId) };
  }

  listAttempts(
    @Payload() request: messagingV1.ListAttemptsRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.ListAttemptsResponse> {
    return this.reading.list(caller, request);
  }

  async revealMessage(
    @Payload() { attemptId }: messagingV1.RevealMessageRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.RevealMessageResponse> {
    return { content: await this.revealing.reveal(caller, attemptId) };
  }

  getPermitProof(
    @Payload() { attemptId }: messagingV1.GetPermitProofRequest,
    @FromCaller() caller: Caller,
  ): Promise<messagingV1.GetPermitProofResponse> {
    return this.reading.proof(caller, attemptId);
  }
}
