import { Inject, Injectable } from '@nestjs/common';
import { telephonyV1 } from '@heed/contracts';
import { CLOCK, isUuid, newId, type Caller, type Clock } from '@heed/kernel';
import { admitSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { CallLines } from '../calling/call-lines.js';
import { type CallEntity } from './call.entity.js';
import { skipped } from './call.js';
import { callMessage } from './call-message.js';
import { CallPageStore } from './call-page.store.js';
import { CallStore } from './call.store.js';

/** Writes down that somebody is to be called. Whether they may be is asked when a line is free. */
@Injectable()
export class PlaceCall {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly calls: CallStore,
    private readonly pages: CallPageStore,
    private readonly lines: CallLines,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  place(caller: Caller, request: telephonyV1.PlaceCallRequest): Promise<telephonyV1.PlaceCallResponse> {
    const content = telephonyV1.PlaceCallRequest.encode(request).finish();
    const { PlaceCallResponse } = telephonyV1;
    return this.uow.run(caller.tenantId, (tx) =>
      this.replay.once(tx, caller, request.requestId, content, PlaceCallResponse, async () => ({
        call: callMessage(await this.write(tx, caller, request), false),
      })),
    );
  }

  private async write(
    tx: Tx,
    caller: Caller,
    { contactId: asked, purpose, record }: telephonyV1.PlaceCallRequest,
  ): Promise<CallEntity> {
    const contactId = asked.toLowerCase();
    const callId = newId();
    const placedBy = await this.memberOf(tx, caller);
    const common = { callId, purpose, placedBy, wantsRecording: record };
    const living = await admitSubjects(tx, [contactId]);
    const at = this.clock.now();
    if (living.has(contactId)) {
      await this.calls.insert(tx, { ...common, contactId }, at);
      await this.lines.queue(tx, callId);
    } else {
      // What contacts would say about somebody who was erased, and the fence lets no row name them again.
      await this.calls.insert(tx, { ...common, contactId: null }, at, skipped('unknown_contact'));
    }
    return (await this.pages.find(tx, callId)) as CallEntity;
  }

  /** A member who was erased meanwhile, and still has a token, is not named. */
  private async memberOf(tx: Tx, { kind, actorId }: Caller): Promise<string | null> {
    if (kind !== 'member' || !isUuid(actorId)) return null;
    return (await admitSubjects(tx, [actorId], 'member')).has(actorId) ? actorId : null;
  }
}
