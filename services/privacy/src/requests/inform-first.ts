import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { messagingV1, typesV1, type privacyV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, isDomainError, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { StoreStates } from '../answers/store-states.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { needAttention } from '../measures.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { noticeTo } from '../requesters/requester.store.js';
import { requestMessage } from './request-message.js';
import { type Request } from './request.js';
import { lockRequests, setInformed, setState } from './request.store.js';

const INFORMING = 'informing';
/** The sender is asked soon, and then less often the longer the mail waits. */
const SOON_MS = 250;
const LATE_MS = 60_000;

type Word = 'sent' | 'not sent' | 'open';

/**
 * LAW: GDPR Art. 18(3): a person is told before their restriction is lifted. So the order waits for the mail that tells
 * them: until it has left, or until a member says how they were told instead. A mail that cannot leave lifts nothing.
 */
@Injectable()
export class InformFirst implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clients: RpcClients,
    private readonly stores: StoreStates,
    private readonly issue: IssueOrders,
    private readonly due: DueWork,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(INFORMING, (item) => this.look(item));
  }

  /** In the transaction that takes the request. */
  begin(tx: Tx, requestId: string): Promise<void> {
    return this.due.add(tx, INFORMING, [requestId]);
  }

  /** A member says how the person was told. */
  async note(
    { tenantId, actorId, method: action }: Caller,
    { requestId, informed }: privacyV1.NoteInformedRequest,
  ): Promise<privacyV1.NoteInformedResponse> {
    return this.uow.run(tenantId, async (tx) => {
      const [request] = await lockRequests(tx, [requestId]);
      if (!request) throw refusal('REQUEST_NOT_FOUND');
      if (request.right !== 'LIFT') throw refusal('NOTHING_TO_TELL');
      if (request.informed === null) {
        if (!waits(request)) throw refusal('NOTHING_TO_TELL');
        await this.told(tx, request, informed);
        const { subjectId } = request;
        await this.audit.recordIn(tx, [
          { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
        ]);
      }
      const [now] = await lockRequests(tx, [requestId]);
      return { request: requestMessage(now!, await this.stores.of(tx, requestId)) };
    });
  }

  private async look(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const notice = await this.uow.run(tenantId, (tx) => noticeTo(tx, requestId, 'restriction_ending'));
    const word = notice ? await this.wordOf(tenantId, notice.messageId) : 'not sent';
    await this.uow.run(tenantId, async (tx) => {
      const [request] = await lockRequests(tx, [requestId]);
      if (request?.state !== 'INFORMING') return item.done(tx);
      const now = this.clock.now();
      if (word === 'sent') await this.told(tx, request, 'mail');
      else if (word === 'not sent' || !notice || notice.expiresAt <= now) await this.attend(tx, requestId);
      else {
        const waited = now.getTime() - notice.requestedAt.getTime();
        const pause = Math.min(Math.max(waited / 4, SOON_MS), LATE_MS);
        return item.putOff(tx, new Date(now.getTime() + pause));
      }
      return item.done(tx);
    });
  }

  private async told(tx: Tx, request: Request, informed: string): Promise<void> {
    await setInformed(tx, request.requestId, informed);
    await this.issue.order(tx, 'LIFT', [request]);
  }

  private async attend(tx: Tx, requestId: string): Promise<void> {
    await setState(tx, [requestId], 'NEEDS_ATTENTION');
    tx.afterCommit(() => needAttention.add(1));
  }

  private async wordOf(tenantId: string, attemptId: string): Promise<Word> {
    const messages = this.clients.of(messagingV1.MessagesServiceService, 'messaging');
    try {
      const { attempt } = await messages.getAttempt({ attemptId }, { tenantId });
      if (attempt?.state !== messagingV1.AttemptState.ATTEMPT_STATE_CONCLUDED) return 'open';
      return attempt.outcome === typesV1.Outcome.OUTCOME_SENT ? 'sent' : 'not sent';
    } catch (error) {
      // It has not heard of it yet: the event is on its way.
      if (isDomainError(error, 'ATTEMPT_NOT_FOUND')) return 'open';
      throw error;
    }
  }
}

function waits({ state }: Request): boolean {
  return state === 'INFORMING' || state === 'NEEDS_ATTENTION';
}
