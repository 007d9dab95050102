import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { messagingV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { attemptMessage } from '../attempts/attempt-message.js';
import { AttemptPageStore } from '../attempts/attempt-page.store.js';
import { AcceptDispatch } from '../dispatch/accept-dispatch.js';
import { type Dispatch } from '../dispatch/attempt.js';
import { MessageValuesStore } from '../dispatch/message-values.store.js';
import { refusal } from '../errors.js';
import { type MessagingSettings } from '../settings.js';
import { MessageRateStore } from './message-rate.store.js';

/** A message that was asked for, before anybody has it in hand. */
export type SingleMessage = Pick<
  Dispatch,
  'attemptId' | 'contactId' | 'purpose' | 'templateId' | 'traceparent'
> & { sealedValues: Buffer | undefined };

/** A message that was asked for becomes an attempt that waits for a sender: once, however often it is asked for. */
@Injectable()
export class QueueMessage {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly acceptDispatch: AcceptDispatch,
    private readonly attempts: AttemptPageStore,
    private readonly values: MessageValuesStore,
    private readonly rates: MessageRateStore,
    @Inject(SETTINGS) private readonly settings: Pick<MessagingSettings, 'HEED_MESSAGES_PER_MINUTE'>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  queue(
    caller: Caller,
    request: messagingV1.SendMessageRequest,
    message: SingleMessage,
  ): Promise<messagingV1.SendMessageResponse> {
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(
        ...([tx, caller, request.requestId, contentOf(request), messagingV1.SendMessageResponse] as const),
        () => this.write(tx, message),
      ),
    );
  }

  private async write(tx: Tx, message: SingleMessage): Promise<messagingV1.SendMessageResponse> {
    const { attemptId, contactId, sealedValues } = message;
    const living = await admitSubjects(tx, [contactId]);
    // Erased since contacts was asked.
    if (!living.has(contactId)) throw refusal('CONTACT_NOT_FOUND');
    const at = this.clock.now();
    const nobodys = { intentId: '', campaignId: '', step: 1, deferrals: 0 };
    await this.acceptDispatch.accept(tx, [{ ...message, ...nobodys, try: 1 }]);
    if (sealedValues) await this.values.keep(tx, [{ attemptId, contactId, sealed: sealedValues }], at);
    const attempt = await this.attempts.find(tx, attemptId);
    const exceeded = await this.rates.take(tx, this.settings.HEED_MESSAGES_PER_MINUTE, at);
    if (exceeded) {
      throw refusal('MESSAGE_RATE_EXCEEDED', {
        metadata: { retry_after: exceeded.retryAfter.toISOString() },
      });
    }
    return { attempt: attempt && attemptMessage(attempt) };
  }
}

/** In one order of the names, so that the same request is the same bytes. */
function contentOf(request: messagingV1.SendMessageRequest): Uint8Array {
  const values = Object.fromEntries(Object.entries(request.values).sort(([a], [b]) => (a < b ? -1 : 1)));
  return messagingV1.SendMessageRequest.encode({ ...request, values }).finish();
}
