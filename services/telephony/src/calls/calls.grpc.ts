import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { telephonyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { currentCall, FromCaller } from '@heed/rpc';
import { StreamRecording } from '../recordings/stream-recording.js';
import { PlaceCall } from './place-call.js';
import { ReadCalls } from './read-calls.js';

@Controller()
@telephonyV1.CallsServiceControllerMethods()
export class CallsGrpc implements Omit<telephonyV1.CallsServiceController, 'watchCall' | 'streamRecording'> {
  constructor(
    private readonly placing: PlaceCall,
    private readonly reading: ReadCalls,
    private readonly recordings: StreamRecording,
  ) {}

  placeCall(
    @Payload() request: telephonyV1.PlaceCallRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.PlaceCallResponse> {
    return this.placing.place(caller, request);
  }

  async getCall(
    @Payload() { callId }: telephonyV1.GetCallRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.GetCallResponse> {
    return { call: await this.reading.get(caller.tenantId, callId.toLowerCase()) };
  }

  listCalls(
    @Payload() request: telephonyV1.ListCallsRequest,
    @FromCaller() caller: Caller,
  ): Promise<telephonyV1.ListCallsResponse> {
    return this.reading.list(caller.tenantId, request);
  }

  async *watchCall(
    @Payload() { callId }: telephonyV1.WatchCallRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<telephonyV1.WatchCallResponse> {
    const signal = currentCall()?.signal ?? new AbortController().signal;
    for await (const call of this.reading.watch(caller.tenantId, callId.toLowerCase(), signal))
      yield { call };
  }

  async *streamRecording(
    @Payload() { callId }: telephonyV1.StreamRecordingRequest,
    @FromCaller() caller: Caller,
  ): AsyncGenerator<telephonyV1.StreamRecordingResponse> {
    for await (const chunk of this.recordings.stream(caller, callId.toLowerCase())) yield { chunk };
  }
}
