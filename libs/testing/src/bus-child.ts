import { GROUP, LISTENER, note, replicaOf, TELLER, typeOf, type BusPlace } from './bus-place.js';

/**
 * A process of its own on a bench's bus, to be killed. Says on standard output, a word a line, where it stands, and stays
 * there for ever at the step that it was told to hold at.
 */
export interface ChildOrder {
  place: BusPlace;
  role: 'consumer' | 'relay';
  /** consumer: handled (before its commit). relay: a RelayStep. */
  holdAt: string;
}

const { place, role, holdAt } = JSON.parse(process.argv[2] ?? '') as ChildOrder;

function reached(step: string): Promise<void> | undefined {
  if (step !== holdAt) return undefined;
  process.stdout.write(`${step}\n`);
  return new Promise(() => undefined);
}

if (role === 'consumer') {
  const replica = replicaOf(place, LISTENER);
  replica.events.consumers.add({
    event: typeOf(place),
    group: GROUP,
    handle: async (tx, events) => {
      await note(tx, events, 'child');
      await reached('handled');
    },
  });
  await replica.events.start();
} else {
  const replica = replicaOf(place, TELLER, { onRelayStep: (step) => reached(step) });
  replica.events.relay?.start();
}
// Held steps are promises that never settle: something must keep the process.
setInterval(() => undefined, 60_000);
