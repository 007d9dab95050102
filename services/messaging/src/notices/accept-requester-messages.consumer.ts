import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type privacyV1, RequesterMessageRequested } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { dispatchOf } from './notice-dispatch.js';

/** Requesters whom privacy wants answered become attempts that wait, under permits of privacy. */
@Injectable()
export class AcceptRequesterMessagesConsumer implements OnModuleInit {
  constructor(
    private readonly consumers: Consumers,
    private readonly acceptDispatch: AcceptDispatch,
  ) {}

  onModuleInit(): void {
    this.consumers.add({
      event: RequesterMessageRequested,
      group: 'messaging.requester-messages',
      acting: true,
      handle: (tx, events) => this.handle(tx, events),
    });
  }

  async handle(tx: Tx, events: IncomingEvent<privacyV1.RequesterMessageRequested>[]): Promise<void> {
    const of = (isReplayed: boolean) =>
      events
        .filter(({ replayed }) => replayed === isReplayed)
        .flatMap(({ data: { messageId, requesterId, notice }, traceparent }) =>
          dispatchOf('privacy', { messageId, personId: requesterId, notice, traceparent }),
        );
    await this.acceptDispatch.acceptReplayed(tx, of(true), 'requester');
    await this.acceptDispatch.accept(tx, of(false), 'requester');
  }
}
