import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { LOGGER, type Logger } from '@heed/telemetry';
import { CLOSINGS, MoveOn } from '../answers/move-on.js';
import { RecordAccess } from '../audit/record-access.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { Needles } from '../sweeps/needles.js';
import { AskProcessor } from './ask-processor.js';
import { type Problem } from './opendsr.js';
import { PROCESSORS } from './order-processors.js';
import {
  answerLeaf,
  answerStatement,
  isFinal,
  isNews,
  pauseAfterFailures,
  pauseUntilAsked,
  type Processor,
  type ProcessorOrder,
  type ProcessorWord,
} from './processor.js';
import { processorsOf } from './processor.store.js';
import {
  addAnswer,
  needPerson,
  noteProblem,
  noteWord,
  orderById,
  putBeforePerson,
  setAnswerLeaf,
  unloggedAnswers,
} from './processor-order.store.js';

/** So many are asked at once; who hangs holds up no other work. */
const AT_ONCE = 2;
/** How soon it is asked again where its word came while its request was being closed. */
const CLOSING_MS = 1_000;
/** Trying again does not help: somebody must write to them, or put them down otherwise. */
const FOR_A_PERSON: readonly Problem[] = ['REFUSED', 'NOT_SUPPORTED', 'NOT_KNOWN_THERE', 'NO_IDENTITY'];

/**
 * Passes an erasure on to a processor, and follows what becomes of it. Each step is durable before the next: what was
 * said is kept, then the log knows of it, then the request goes on. Killed anywhere, it asks before it tells again.
 */
@Injectable()
export class PassOn implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly asking: AskProcessor,
    private readonly needles: Needles,
    private readonly log: TransparencyLog,
    private readonly moveOn: MoveOn,
    private readonly audit: RecordAccess,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.due.serve(PROCESSORS, (item) => this.handle(item), { apart: AT_ONCE });
  }

  /** What a processor or a person says, in a transaction that holds the request's lock. */
  async take(tx: Tx, order: ProcessorOrder, subjectId: string, word: ProcessorWord): Promise<void> {
    const at = this.clock.now();
    const isNew = isNews(order, word);
    await noteWord(tx, order, word, at);
    if (!isNew) return;
    if (word.state === 'CANCELLED') await putBeforePerson(tx, order.requestId, at, true);
    const times = { toldAt: order.toldAt ?? at, at };
    const answer = answerStatement(tx.tenantId, subjectId, order, word, times);
    await addAnswer(tx, order.processorOrderId, answer);
  }

  private async handle(item: DueItem): Promise<void> {
    const { tenantId, ref } = item;
    const { order, processor, unlogged } = await this.uow.run(tenantId, async (tx) => {
      const found = await orderById(tx, ref);
      const known = found && (await processorsOf(tx, tenantId, [found.store])).get(found.store);
      return { order: found, processor: known, unlogged: await unloggedAnswers(tx, ref) };
    });
    // Its request was forgotten.
    if (!order) return this.uow.run(tenantId, (tx) => item.done(tx));
    if (unlogged.length > 0) return this.certify(item, order, unlogged);
    if (isOver(order)) return this.uow.run(tenantId, (tx) => item.done(tx));
    if (processor?.how !== 'OPENDSR') return this.leaveToPerson(item, order);
    const word = await this.ask(tenantId, processor, order);
    if (typeof word === 'string') return this.failed(item, order, word);
    await this.uow.run(tenantId, async (tx) => {
      const [request] = await this.moveOn.lock(tx, [order.requestId]);
      const now = await orderById(tx, ref);
      // What is said of it is being fixed: it is asked again when that is done.
      if (request?.state === 'CLOSING') return item.putOff(tx, later(this.clock.now(), CLOSING_MS));
      // While it was asked, a person may have written down what it said: that word stands.
      const isHeard = now !== undefined && !isOver(now);
      // Who was asked: another may stand behind the store than when it was ordered.
      const { name } = processor;
      if (request && isHeard) await this.take(tx, { ...now, name }, request.subjectId, word);
      // At once: what was said is to be certified.
      await item.putOff(tx, isHeard ? this.again(now, word) : this.clock.now());
    });
  }

  /** Nobody has put down how it is told or asked, or does no more. */
  private leaveToPerson(item: DueItem, { processorOrderId, requestId }: ProcessorOrder): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      await this.moveOn.lock(tx, [requestId]);
      const now = await orderById(tx, processorOrderId);
      if (now && !isOver(now)) {
        await needPerson(tx, processorOrderId);
        await putBeforePerson(tx, requestId, this.clock.now(), true);
      }
      await item.done(tx);
    });
  }

  private async ask(
    tenantId: string,
    processor: Processor,
    order: ProcessorOrder,
  ): Promise<ProcessorWord | Problem> {
    if (order.state !== 'NOT_TOLD') return this.asking.status(processor, order);
    const { requestId, channels } = order;
    const known = await this.uow.run(tenantId, (tx) => this.needles.ofRequests(tx, [requestId]));
    const theirs = (known.get(requestId) ?? []).filter(({ channel }) => channels.includes(channel));
    return this.asking.tell(processor, order, theirs);
  }

  /** One after another: the log has them in the order in which they were said. */
  private async certify(
    item: DueItem,
    order: ProcessorOrder,
    unlogged: Awaited<ReturnType<typeof unloggedAnswers>>,
  ): Promise<void> {
    const { tenantId, ref } = item;
    const leaves = await this.log.append(unlogged.map(answerLeaf));
    await this.uow.run(tenantId, async (tx) => {
      const requests = await this.moveOn.lock(tx, [order.requestId]);
      for (const [at, { answerNo }] of unlogged.entries())
        await setAnswerLeaf(tx, ref, answerNo, leaves[at]!);
      await this.moveOn.all(tx, requests);
      // It was waited for with what is said of the request.
      if (requests.some(({ state }) => state === 'CLOSING')) await this.due.add(tx, CLOSINGS, [tenantId]);
      const at = this.clock.now();
      await this.audit.recordIn(
        tx,
        requests.map(({ subjectId }) => ({
          ...{ entryId: newId(), at, actorId: 'privacy', action: 'processor answered', service: 'privacy' },
          subjectId,
        })),
      );
      await (isOver(order)
        ? item.done(tx)
        : item.putOff(tx, later(at, pauseUntilAsked(order.toldAt ?? at, at))));
    });
  }

  private again(order: ProcessorOrder, word: ProcessorWord): Date {
    const now = this.clock.now();
    return isNews(order, word) ? now : later(now, pauseUntilAsked(order.toldAt ?? now, now));
  }

  private async failed(item: DueItem, order: ProcessorOrder, problem: Problem): Promise<void> {
    const { store, processorOrderId, failures } = order;
    const forPerson = FOR_A_PERSON.includes(problem);
    this.logger.warn('a processor was not told, or did not answer', {
      ...{ tenantId: item.tenantId, store, processorOrderId, problem, failures: failures + 1 },
    });
    await this.uow.run(item.tenantId, async (tx) => {
      await this.moveOn.lock(tx, [order.requestId]);
      const at = this.clock.now();
      const now = await orderById(tx, processorOrderId);
      if (!now || isOver(now)) return item.putOff(tx, at);
      await noteProblem(tx, processorOrderId, problem, forPerson, failures + 1);
      await putBeforePerson(tx, order.requestId, at, forPerson);
      await item.putOff(tx, later(at, pauseAfterFailures(failures)));
    });
  }
}

/** It is not asked any more: it has said its last word, or a person speaks for it. */
function isOver(order: ProcessorOrder): boolean {
  return isFinal(order) || order.saidBy === 'PERSON';
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
