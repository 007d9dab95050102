import { Inject, Injectable } from '@nestjs/common';
import { privacyV1 } from '@heed/contracts';
import { DueWork } from '@heed/data-rights';
import { CLOCK, invalidArgument, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { MoveOn } from '../answers/move-on.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { Needles } from '../sweeps/needles.js';
import { type Identifier } from './opendsr.js';
import { PROCESSORS } from './order-processors.js';
import { PassOn } from './pass-on.js';
import { stateFromWire } from './processor-message.js';
import { isNews, type ProcessorOrder, type ProcessorWord } from './processor.js';
import { processorsOf } from './processor.store.js';
import { orderById } from './processor-order.store.js';

/** A person tells a processor, and writes down what it said. */
@Injectable()
export class RecordAnswer {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly passOn: PassOn,
    private readonly moveOn: MoveOn,
    private readonly needles: Needles,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  record(
    { tenantId, actorId, method: action }: Caller,
    { processorOrderId, state, reference, expectedBy }: privacyV1.RecordProcessorAnswerRequest,
  ): Promise<ProcessorOrder> {
    const said = stateFromWire(state);
    if (said === 'NOT_TOLD') throw invalidArgument({ field: 'state', reason: 'NOT_AN_ANSWER' });
    return this.uow.run(tenantId, async (tx) => {
      const found = await orderById(tx, processorOrderId);
      const [request] = found ? await this.moveOn.lock(tx, [found.requestId]) : [];
      // Again, since whoever writes about it holds the lock of its request.
      const order = request && (await orderById(tx, processorOrderId));
      if (!order) throw refusal('PROCESSOR_ORDER_NOT_FOUND');
      const word: ProcessorWord = {
        ...{ state: said, saidBy: 'PERSON', reference, digest: '' },
        expectedBy: expectedBy === '' ? null : new Date(expectedBy),
      };
      if (!isNews(order, word)) return order;
      // What is said of it is being fixed, with what it said before.
      if (request.state === 'CLOSING') throw refusal('REQUEST_IS_CLOSING');
      if (order.state === 'COMPLETED') throw refusal('PROCESSOR_HAS_COMPLETED');
      const { name } = (await processorsOf(tx, tenantId, [order.store])).get(order.store) ?? order;
      await this.passOn.take(tx, { ...order, name }, request.subjectId, word);
      await this.due.add(tx, PROCESSORS, [processorOrderId]);
      const { subjectId } = request;
      await this.audit.recordIn(tx, [
        { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
      ]);
      return (await orderById(tx, processorOrderId))!;
    });
  }

  /** What the processor knows the person by, for whoever tells it. */
  reveal(
    { tenantId, actorId, method: action }: Caller,
    processorOrderId: string,
  ): Promise<{ order: ProcessorOrder; contact: string; known: Identifier[] }> {
    return this.uow.run(tenantId, async (tx) => {
      const order = await orderById(tx, processorOrderId);
      const [request] = order ? await this.moveOn.lock(tx, [order.requestId]) : [];
      if (!order || !request) throw refusal('PROCESSOR_ORDER_NOT_FOUND');
      const { requestId, store, channels } = order;
      const known = (await this.needles.ofRequests(tx, [requestId])).get(requestId) ?? [];
      const contact = (await processorsOf(tx, tenantId, [store])).get(store)?.contact ?? '';
      const { subjectId } = request;
      await this.audit.recordIn(tx, [
        { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
      ]);
      return { order, contact, known: known.filter(({ channel }) => channels.includes(channel)) };
    });
  }
}
