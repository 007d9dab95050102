import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type identityV1, MemberMessageRequested } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { dispatchOf } from './notice-dispatch.js';

/** Members whom identity wants written to become attempts that wait, under permits of identity. */
@Injectable()
export class AcceptMemberMessagesConsumer implements OnModuleInit {
  constructor(
    private readonly consumers: Consumers,
    private readonly acceptDispatch: AcceptDispatch,
  ) {}

  onModuleInit(): void {
    this.consumers.add({
      event: MemberMessageRequested,
      group: 'messaging.member-messages',
      acting: true,
      handle: (tx, events) => this.handle(tx, events),
    });
  }

  async handle(tx: Tx, events: IncomingEvent<identityV1.MemberMessageRequested>[]): Promise<void> {
    const of = (isReplayed: boolean) =>
      events
        .filter(({ replayed }) => replayed === isReplayed)
        .flatMap(({ data: { messageId, memberId, notice }, traceparent }) =>
          dispatchOf('identity', { messageId, personId: memberId, notice, traceparent }),
        );
    await this.acceptDispatch.acceptReplayed(tx, of(true), 'member');
    await this.acceptDispatch.accept(tx, of(false), 'member');
  }
}
