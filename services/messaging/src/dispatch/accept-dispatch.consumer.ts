import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type campaignsV1, DispatchRequested, typesV1 } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { AcceptDispatch, DISPATCH_GROUP } from './accept-dispatch.js';
import { attemptIdOf, type Dispatch } from './attempt.js';

/** Requests for email. Those for other channels stand in the same topic and are their sender's. */
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

  async handle(tx: Tx, events: IncomingEvent<campaignsV1.DispatchRequested>[]): Promise<void> {
    const emails = events.filter(({ data }) => data.channel === typesV1.Channel.CHANNEL_EMAIL);
    const replayed = emails.filter((event) => event.replayed);
    await this.acceptDispatch.acceptReplayed(tx, replayed.map(dispatchOf));
    const fresh = emails.filter((event) => !event.replayed);
    await this.acceptDispatch.accept(tx, fresh.map(dispatchOf));
  }
}

function dispatchOf({ data, traceparent }: IncomingEvent<campaignsV1.DispatchRequested>): Dispatch {
  const { intentId, campaignId, contactId, purpose, templateId } = data;
  return {
    ...{ intentId, campaignId, contactId, purpose, templateId },
    attemptId: attemptIdOf(intentId),
    try: data.try,
    step: data.step || 1,
    deferrals: data.deferrals,
    traceparent,
  };
}
