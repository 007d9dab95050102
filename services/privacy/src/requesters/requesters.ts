import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { RequesterMessageRequested } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { addSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import { holdToTell } from '../holds/hold.store.js';
import { type Request, type TakenBack } from '../requests/request.js';
import {
  FIRST_NOTICE,
  KNOWN_AFTER_END_MS,
  SUBJECT_KIND,
  WIRE_NOTICE,
  WORTH_TELLING_MS,
  type Notice,
} from './requester.js';
import { addNotice, addRequester, forgetRequester, noticeTo, requestersOf } from './requester.store.js';

const FORGETTING = 'requesters';

export const placeOfAddress = (requesterId: string) => ({
  ...{ table: 'requester', row: requesterId, column: 'address' },
});

export interface SealedRequester {
  requesterId: string;
  address: Buffer;
}

/** Who asked, where they want to be answered, and what they are told: that it was taken, and that it is done. */
@Injectable()
export class Requesters implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly outbox: Outbox,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(FORGETTING, (item) => this.forget(item));
  }

  /** Before the transaction that keeps it: keys lie in another database. Undefined where nobody wants an answer. */
  async seal(tenantId: string, replyTo: string): Promise<SealedRequester | undefined> {
    if (replyTo === '') return undefined;
    const requesterId = newId();
    const plaintext = Buffer.from(replyTo);
    const address = await this.sealing.seal(tenantId, requesterId, placeOfAddress(requesterId), plaintext);
    return { requesterId, address };
  }

  /** In the transaction that takes the request. */
  async taken(tx: Tx, request: Request, requester: SealedRequester | undefined): Promise<void> {
    if (!requester) return;
    await addSubjects(tx, [requester.requesterId], SUBJECT_KIND);
    await addRequester(tx, { ...requester, requestId: request.requestId });
    // What it does is not certain before a member has approved it; that it was taken is.
    if (request.state === 'REVIEW') return this.tell(tx, requester.requesterId, 'request_received');
    if (request.state === 'HELD' && (await this.held(tx, request))) return;
    await this.tell(tx, requester.requesterId, FIRST_NOTICE[request.right]);
  }

  /** In the transaction in which a member approves it: that it was taken they know. */
  async approved(tx: Tx, request: Request): Promise<void> {
    if (request.state === 'HELD') await this.held(tx, request);
    if (request.right !== 'LIFT') return;
    for (const { requesterId } of await requestersOf(tx, [request.requestId]))
      await this.tell(tx, requesterId, FIRST_NOTICE.LIFT);
  }

  /**
   * LAW: GDPR Art. 12(4): whoever is not answered learns why. In the transaction in which a hold begins to keep their
   * erasure; once. False where no hold may be told of: who placed it has said that its matter forbids that.
   */
  async held(tx: Tx, { requestId, subjectId }: Pick<Request, 'requestId' | 'subjectId'>): Promise<boolean> {
    if (!(await holdToTell(tx, subjectId))) return false;
    if (await noticeTo(tx, requestId, 'request_held')) return true;
    for (const { requesterId } of await requestersOf(tx, [requestId]))
      await this.tell(tx, requesterId, 'request_held');
    return true;
  }

  /** In the transaction that ends them. */
  async completed(tx: Tx, requestIds: readonly string[]): Promise<void> {
    const requesters = await requestersOf(tx, requestIds);
    if (requesters.length === 0) return;
    for (const { requesterId, right, isWhole } of requesters) {
      // Of a restriction that ends they were told before; and "it is done" is no word for what is done in part: whoever
      // closed it tells them.
      if (right !== 'LIFT' && isWhole) await this.tell(tx, requesterId, 'request_completed');
    }
    await this.forgetLater(tx, requesters);
  }

  /** In the transaction that ends it with nothing done. */
  async takenBack(tx: Tx, requestId: string, how: TakenBack): Promise<void> {
    const requesters = await requestersOf(tx, [requestId]);
    for (const { requesterId } of requesters)
      await this.tell(tx, requesterId, how === 'REFUSED' ? 'request_refused' : 'request_cancelled');
    await this.forgetLater(tx, requesters);
  }

  /** They ended in a life of the database that is lost, and whoever asked was told there. */
  async over(tx: Tx, requestIds: readonly string[]): Promise<void> {
    await this.forgetLater(tx, await requestersOf(tx, requestIds));
  }

  /** In the transaction that extends it. */
  async extended(tx: Tx, requestId: string): Promise<void> {
    for (const { requesterId } of await requestersOf(tx, [requestId]))
      await this.tell(tx, requesterId, 'request_extended');
  }

  private forgetLater(tx: Tx, requesters: readonly { requesterId: string }[]): Promise<void> {
    const requesterIds = requesters.map(({ requesterId }) => requesterId);
    const at = new Date(this.clock.now().getTime() + KNOWN_AFTER_END_MS);
    return this.due.add(tx, FORGETTING, requesterIds, at);
  }

  private async tell(tx: Tx, requesterId: string, notice: Notice): Promise<void> {
    const requestedAt = this.clock.now();
    const messageId = newId();
    await addNotice(tx, {
      ...{ messageId, requesterId, notice, requestedAt },
      expiresAt: new Date(requestedAt.getTime() + WORTH_TELLING_MS),
    });
    await this.outbox.add(tx, RequesterMessageRequested, {
      ...{ messageId, requesterId, notice: WIRE_NOTICE[notice] },
      requestedAt: requestedAt.toISOString(),
    });
  }

  /** What the attempts keep about them leads to nobody from here on. */
  private async forget(item: DueItem): Promise<void> {
    await this.uow.run(item.tenantId, (tx) => forgetRequester(tx, item.ref));
    await this.sealing.destroyKeys(item.tenantId, [item.ref]);
    await this.uow.run(item.tenantId, (tx) => item.done(tx));
  }
}
