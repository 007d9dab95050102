import { Injectable } from '@nestjs/common';
import { telephonyV1 } from '@heed/contracts';
import { invalidArgument, isDomainError, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { readPage, RequestReplay } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { AccessLog } from '../recordings/access-log.js';
import { HearOptOut } from './hear-opt-out.js';
import { HeardOptOutStore, type Doubt } from './heard-opt-out.store.js';
import { placeOfWords, read } from './heard-words.js';

const { SpokenDecision } = telephonyV1;

/** Words in calls that may be a no: a person sees what was understood, and decides. Both are on record. */
@Injectable()
export class SpokenDoubts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly replay: RequestReplay,
    private readonly heard: HeardOptOutStore,
    private readonly optOuts: HearOptOut,
    private readonly sealing: Sealing,
    private readonly audit: AccessLog,
  ) {}

  async list(
    tenantId: string,
    request: telephonyV1.ListSpokenDoubtsRequest,
  ): Promise<telephonyV1.ListSpokenDoubtsResponse> {
    const { rows, nextPageToken } = await this.uow.run(tenantId, (tx) =>
      readPage(request, { of: ({ heardId }: Doubt) => heardId }, (after, limit) =>
        this.heard.doubts(tx, request.contactId, after, limit),
      ),
    );
    return { spokenDoubts: rows.map(messageOf), nextPageToken };
  }

  async reveal(caller: Caller, heardId: string): Promise<telephonyV1.RevealSpokenDoubtResponse> {
    const doubt = await this.find(caller.tenantId, heardId);
    const opened = await this.opened(caller.tenantId, doubt);
    await this.audit.record(caller, doubt.contactId);
    const { readings, atMs } = read(opened);
    return { readings, atMs };
  }

  async decide(
    caller: Caller,
    request: telephonyV1.DecideSpokenDoubtRequest,
  ): Promise<telephonyV1.DecideSpokenDoubtResponse> {
    const { spokenDoubtId: heardId, decision } = request;
    if (!(decision in DECISIONS)) throw invalidArgument({ field: 'decision', reason: 'UNKNOWN_VALUE' });
    const content = telephonyV1.DecideSpokenDoubtRequest.encode(request).finish();
    return this.uow.run(
      caller.tenantId,
      (tx) =>
        this.replay.once(
          tx,
          caller,
          request.requestId,
          content,
          telephonyV1.DecideSpokenDoubtResponse,
          async () => {
            const doubt = await this.heard.doubt(tx, heardId);
            if (!doubt) throw refusal('SPOKEN_DOUBT_NOT_FOUND');
            if (DECISIONS[decision] === 'no') await this.optOuts.endDoubts(tx, { heardId });
            else await this.optOuts.dismiss(tx, heardId);
            // The row goes: who decided about whom stands there.
            await this.audit.recordIn(tx, caller, doubt.contactId);
            return {};
          },
        ),
      { priority: 'consent' },
    );
  }

  private async find(tenantId: string, heardId: string): Promise<Doubt> {
    const doubt = await this.uow.run(tenantId, (tx) => this.heard.doubt(tx, heardId));
    if (!doubt) throw refusal('SPOKEN_DOUBT_NOT_FOUND');
    return doubt;
  }

  private async opened(tenantId: string, { contactId, heardId, words }: Doubt): Promise<Buffer> {
    try {
      return await this.sealing.open(tenantId, contactId, placeOfWords(heardId), words);
    } catch (error) {
      // Its key died a moment ago; the row will follow.
      if (isDomainError(error, 'KEY_DESTROYED')) throw refusal('SPOKEN_DOUBT_NOT_FOUND');
      throw error;
    }
  }
}

const DECISIONS: Partial<Record<telephonyV1.SpokenDecision, 'no' | 'none'>> = {
  [SpokenDecision.SPOKEN_DECISION_OPT_OUT]: 'no',
  [SpokenDecision.SPOKEN_DECISION_NOT_AN_OPT_OUT]: 'none',
};

/** Ids and times: what was understood is shown by a call of its own. */
function messageOf({ heardId, contactId, callId, heardAt, decideBy }: Doubt): telephonyV1.SpokenDoubt {
  return {
    ...{ spokenDoubtId: heardId, contactId, callId },
    ...{ heardAt: heardAt.toISOString(), decideBy: decideBy.toISOString() },
  };
}
