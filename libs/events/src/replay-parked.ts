import { DomainError, type Clock } from '@heed/kernel';
import { type AcrossTx, type DatabaseRole, type Tx, type UnitOfWork } from '@heed/postgres';
import { withRemoteParent, withSpan } from '@heed/telemetry';
import { codeOf, REFUSED_ERASED } from './inbox.js';
import { countRefused } from './inbox.store.js';
import { readDelivery, type IncomingEvent, type Types } from './incoming-event.js';
import { firstParked, keepParked, lockParkedKey, releaseParked } from './parking.store.js';
import { judge } from './verdict.js';

export interface ReplayOptions {
  consumer: string;
  role: DatabaseRole;
  types: Types;
  handle(tx: Tx, events: IncomingEvent<unknown>[]): Promise<void>;
  work: UnitOfWork;
  clock: Clock;
}

export interface Replay {
  handled: number;
  /** Refused by the fence, and so gone. */
  refused: number;
  /** Still parked, in the same order: the first failed again. */
  left: number;
}

/**
 * Handles the parked events of a key, in order, each in a transaction of its own, until the key is free or one fails
 * again. The key's row is locked meanwhile: what the consumer receives in between queues behind, or finds the key free.
 */
export async function replayParked(options: ReplayOptions, topic: string, key: string): Promise<Replay> {
  const replay: Replay = { handled: 0, refused: 0, left: 0 };
  for (;;) {
    const step = await next(options, topic, key);
    if (step === 'free') return { ...replay, left: 0 };
    if (step === 'failed') return { ...replay, left: await countLeft(options, topic, key) };
    replay[step] += 1;
  }
}

async function next(
  options: ReplayOptions,
  topic: string,
  key: string,
): Promise<'handled' | 'refused' | 'failed' | 'free'> {
  const { work, role, consumer, clock } = options;
  let at: string | undefined;
  try {
    return await work.runAcross(role, async (tx) => {
      if (!(await lockParkedKey(tx, consumer, topic, key))) return 'free';
      const first = await firstParked(tx, consumer, topic, key);
      if (first === undefined) return 'free';
      at = first.id;
      await handleOne(tx, options, first.delivery);
      await releaseParked(tx, first.id, consumer, topic, key);
      return 'handled';
    });
  } catch (error) {
    const verdict = judge(error);
    const id = at;
    // Nothing is known to be wrong with the event: whoever asked for the replay asks again.
    if (id === undefined || verdict.kind === 'transient' || verdict.kind === 'too-slow') throw error;
    await work.runAcross(role, async (tx) => {
      if (!(await lockParkedKey(tx, consumer, topic, key))) return;
      if (verdict.kind === 'poison') {
        await keepParked(tx, id, codeOf(verdict.reason), verdict.sqlstate ?? null);
        return;
      }
      await countRefused(tx, consumer, REFUSED_ERASED, clock.now());
      await releaseParked(tx, id, consumer, topic, key);
    });
    return verdict.kind === 'refused' ? 'refused' : 'failed';
  }
}

async function handleOne(
  tx: AcrossTx,
  options: ReplayOptions,
  delivery: Parameters<typeof readDelivery>[0],
): Promise<void> {
  const reading = readDelivery(delivery, options.types);
  if (reading.kind !== 'event') {
    const reason = reading.kind === 'defect' ? reading.reason : 'EVENT_TYPE_NOT_HANDLED';
    throw new DomainError(reason, 'failed-precondition');
  }
  const { event } = reading;
  const tenantTx = await tx.enterTenant(event.tenantId);
  await withRemoteParent(event.traceparent, () =>
    withSpan(
      'inbox.replay',
      { consumer: options.consumer, tenantId: event.tenantId },
      () => options.handle(tenantTx, [event]),
      { kind: 'consumer' },
    ),
  );
}

async function countLeft(
  { work, role, consumer }: ReplayOptions,
  topic: string,
  key: string,
): Promise<number> {
  return work.runAcross(role, async (tx) => {
    const [row] = await tx.query<{ left: number }>(
      `select count(*)::int as left from heed.parked where consumer = $1 and topic = $2 and key = $3`,
      [consumer, topic, key],
    );
    return row?.left ?? 0;
  });
}
