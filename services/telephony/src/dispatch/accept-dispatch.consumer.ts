import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type campaignsV1, DispatchRequested, typesV1 } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { AcceptDispatch, DISPATCH_GROUP } from './accept-dispatch.js';
import { callIdOf, type Dispatch } from './dispatch.js';

/** Requests for calls. Those for other channels stand in the same topic and are their sender's. */
@Injectable()
export class AcceptDispatchConsumer implements OnModuleInit {
  constructor(
    private readonly consumers: Consumers,
    private readonly acceptDispatch: AcceptDispatch,
  ) {}

  onModuleInit(): void {
    this.consumers.add({
      event: DispatchRequested,
      group: DISPATCH_GROUP,
      acting: true,
      handle: (tx, events) => this.handle(tx, events),
    });
  }

  private async handle(tx: Tx, events: IncomingEvent<campaignsV1.DispatchRequested>[]): Promise<void> {
    const calls = events.filter(({ data }) => data.channel === typesV1.Channel.CHANNEL_VOICE);
    const replayed = calls.filter((event) => event.replayed);
    await this.acceptDispatch.acceptReplayed(tx, replayed.map(dispatchOf));
    const fresh = calls.filter((event) => !event.replayed);
    await this.acceptDispatch.accept(tx, fresh.map(dispatchOf));
  }
}

function dispatchOf({ data, traceparent }: IncomingEvent<campaignsV1.DispatchRequested>): Dispatch {
  const { intentId, campaignId, contactId, purpose, templateId, step, deferrals } = data;
  return {
    ...{ intentId, campaignId, contactId, purpose, templateId, deferrals, traceparent },
    callId: callIdOf(intentId),
    step: step || 1,
  };
}
