import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type contactsV1, SIGN_UP_CONFIRMATION, SignUpConfirmationDue } from '@heed/contracts';
import { Consumers, type IncomingEvent } from '@heed/events';
import { type Tx } from '@heed/postgres';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { type Dispatch } from '../dispatch/attempt.js';

type Due = IncomingEvent<contactsV1.SignUpConfirmationDue>;

/** Whoever filled in a form is asked whether it was them: an attempt that waits, under the id that contacts permits it by. */
@Injectable()
export class AcceptSignUpsConsumer implements OnModuleInit {
  constructor(
    private readonly consumers: Consumers,
    private readonly acceptDispatch: AcceptDispatch,
  ) {}

  onModuleInit(): void {
    this.consumers.add({
      event: SignUpConfirmationDue,
      group: 'messaging.sign-ups',
      acting: true,
      handle: (tx, events) => this.handle(tx, events),
    });
  }

  async handle(tx: Tx, events: readonly Due[]): Promise<void> {
    const of = (isReplayed: boolean): Dispatch[] =>
      events.filter(({ replayed }) => replayed === isReplayed).map(dispatchOf);
    await this.acceptDispatch.acceptReplayed(tx, of(true));
    await this.acceptDispatch.accept(tx, of(false));
  }
}

/** Of the template who sends is taken, and nothing else. */
function dispatchOf({ data: { attemptId, contactId, templateId, language }, traceparent }: Due): Dispatch {
  return {
    ...{ attemptId, contactId, templateId, language, traceparent },
    purpose: SIGN_UP_CONFIRMATION,
    ...{ intentId: '', campaignId: '', try: 1, step: 1, deferrals: 0 },
  };
}
