import { Inject, Injectable } from '@nestjs/common';
import { contactsV1 } from '@heed/contracts';
import { CLOCK, type Caller, type Clock } from '@heed/kernel';
import { IssuePermits } from './issue-permits.js';
import { asksOf } from './permit-asks.js';

/** Asks of one stream that are worked at once. More wait, and are read when there is room. */
const MOST_UNDER_WAY = 32;

type Answer = Promise<contactsV1.StreamPermitsResponse>;

/**
 * One answer for each ask, in their order, and none that nobody asked for. Asks are read while earlier ones are worked, so
 * that each is dated when it arrives: one that waits is dropped as too late like any other (ATTACKS 2.13).
 */
@Injectable()
export class StreamPermits {
  constructor(
    private readonly issuing: IssuePermits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async *stream(
    caller: Caller,
    requests: AsyncIterable<contactsV1.StreamPermitsRequest>,
  ): AsyncIterable<contactsV1.StreamPermitsResponse> {
    const messages = requests[Symbol.asyncIterator]();
    const underWay: Answer[] = [];
    let next: Promise<IteratorResult<contactsV1.StreamPermitsRequest>> | undefined = watched(messages.next());
    while (next || underWay.length > 0) {
      const [first] = underWay;
      if (next && underWay.length < MOST_UNDER_WAY) {
        const read = await this.readOrAnswered(next, first);
        if (read === undefined) {
          yield (await underWay.shift())!;
        } else if (read.done) {
          next = undefined;
        } else {
          underWay.push(watched(this.answer(caller, read.value)));
          next = watched(messages.next());
        }
      } else {
        yield (await underWay.shift())!;
      }
    }
  }

  /** What was read, or undefined where the first answer was there before it. */
  private async readOrAnswered<T>(next: Promise<T>, first: Answer | undefined): Promise<T | undefined> {
    if (first === undefined) return next;
    return Promise.race([next, first.then(() => undefined)]);
  }

  private async answer(
    { tenantId, actorId: service }: Caller,
    { ask, usableMs }: contactsV1.StreamPermitsRequest,
  ): Answer {
    const deadline = new Date(this.clock.now().getTime() + usableMs);
    const asks = asksOf({ asks: [ask!] });
    const issued = await this.issuing.issue({ tenantId, service, deadline }, asks);
    const { answers, root, signature, keyId } = issued;
    return { answer: answers[0]!, root, signature, keyId };
  }
}

/** It may fail while nobody waits for it: the stream ends with that error when its turn comes, or has ended by then. */
function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
