import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { privacyV1 } from '@heed/contracts';
import { type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { FromCaller, readPage } from '@heed/rpc';
import { type Identifier } from './opendsr.js';
import { orderMessage, processorMessage } from './processor-message.js';
import { type ProcessorOrder } from './processor.js';
import { listProcessors, type SetProcessor as Put } from './processor.store.js';
import { listOrders } from './processor-order.store.js';
import { RecordAnswer } from './record-answer.js';
import { SetProcessor } from './set-processor.js';

@Controller()
@privacyV1.ProcessorsServiceControllerMethods()
export class ProcessorsGrpc implements privacyV1.ProcessorsServiceController {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly setting: SetProcessor,
    private readonly recording: RecordAnswer,
  ) {}

  async setProcessor(
    @Payload() request: privacyV1.SetProcessorRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.SetProcessorResponse> {
    return { processor: processorMessage(await this.setting.set(caller, request)) };
  }

  async listProcessors(
    @Payload() request: privacyV1.ListProcessorsRequest,
  ): Promise<privacyV1.ListProcessorsResponse> {
    const key = {
      of: ({ store, tenantId }: Put) => `${store} ${tenantId}`,
      isValid: (text: string) => /^[a-z0-9_.-]{1,180} [0-9a-f-]{36}$/.test(text),
    };
    const page = await this.uow.runAcross('service', (tx) =>
      readPage(request, key, (after, limit) => listProcessors(tx, after, limit)),
    );
    return { processors: page.rows.map(processorMessage), nextPageToken: page.nextPageToken };
  }

  async listProcessorOrders(
    @Payload() request: privacyV1.ListProcessorOrdersRequest,
    @FromCaller() { tenantId }: Caller,
  ): Promise<privacyV1.ListProcessorOrdersResponse> {
    const key = { of: ({ processorOrderId }: ProcessorOrder) => processorOrderId };
    const page = await this.uow.run(tenantId, (tx) =>
      readPage(request, key, (after, limit) => listOrders(tx, request, after, limit)),
    );
    return { orders: page.rows.map(orderMessage), nextPageToken: page.nextPageToken };
  }

  async revealProcessorOrder(
    @Payload() { processorOrderId }: privacyV1.RevealProcessorOrderRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RevealProcessorOrderResponse> {
    const { order, contact, known } = await this.recording.reveal(caller, processorOrderId);
    const of = (channel: Identifier['channel']): string[] =>
      known.filter((given) => given.channel === channel).map(({ address }) => address);
    return { order: orderMessage(order), contact, emails: of('email'), phones: of('voice') };
  }

  async recordProcessorAnswer(
    @Payload() request: privacyV1.RecordProcessorAnswerRequest,
    @FromCaller() caller: Caller,
  ): Promise<privacyV1.RecordProcessorAnswerResponse> {
    return { order: orderMessage(await this.recording.record(caller, request)) };
  }
}
