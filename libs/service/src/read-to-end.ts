import { type Consumer, Consumers, type ReadableType } from '@heed/events';
import { CLOCK, type Clock, DomainError } from '@heed/kernel';
import { type ResyncContext } from './resync.js';

const LOOK_MS = 200;
/** What was under way when the backup was taken, and clocks that differ. */
const MARGIN_MS = 3_600_000;

/**
 * Within a resync: reads what this service itself has told since the backup, to the end, by a group that is there for
 * no longer. It bears to be killed and begun again.
 */
export async function readToEnd<Type extends ReadableType>(
  { get, restoredTo, signal, progress }: ResyncContext,
  consumer: Omit<Consumer<Type>, 'from'>,
): Promise<void> {
  const consumers = get(Consumers);
  const clock = get<Clock>(CLOCK);
  const { group } = consumer;
  await consumers.addForResync({
    ...consumer,
    from: restoredTo && new Date(restoredTo.getTime() - MARGIN_MS),
  });
  for (let most = 0; ; await clock.wait(LOOK_MS, signal)) {
    const state = consumers.states().find((one) => one.consumer === group)!;
    if (state.state === 'quarantined') throw standsStill(group, state.quarantine?.reason);
    most = Math.max(most, state.lag);
    await progress(most - state.lag, most);
    if (state.caughtUp) break;
  }
  await consumers.remove(group);
}

/** Nothing is skipped: what cannot be read on must be seen to. */
export function standsStill(consumer: string, reason = ''): DomainError {
  return new DomainError('CONSUMER_IN_QUARANTINE', 'failed-precondition', {
    message: `${consumer} cannot go on (${reason}): restore a backup that is younger than what its topic still holds`,
    metadata: { consumer, reason },
  });
}
