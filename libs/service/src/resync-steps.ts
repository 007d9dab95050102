import { privacyV1 } from '@heed/contracts';
import { DataRights, DueWork, ORDERS } from '@heed/data-rights';
import { type Frame } from './frame.js';
import { type Life } from './life.js';
import { readOffsite } from './offsite/read-offsite.js';
import { standsStill } from './read-to-end.js';
import { type ResyncContext, type ResyncStep } from './resync.js';

const LOOK_MS = 200;
/** Clocks of two machines, and what was under way when the backup was taken. */
const MARGIN_MS = 3_600_000;

/**
 * What every service does, around what is its own. First it is written down up to where those who act do nothing; then
 * the service's own steps, which learn from what it had told the others; then the others' events; then the erasures.
 */
export function stepsOf(frame: Frame, life: Life): ResyncStep[] {
  const { definition } = frame;
  const own = definition.resync ?? {};
  const isLedger = definition.name === 'privacy';
  return [
    { name: 'ends', run: () => frame.events.consumers.markReplayEnds() },
    ...(definition.offsite
      ? [{ name: 'off-site', run: (context: ResyncContext) => readOffsite(frame, context) }]
      : []),
    ...(own.before ?? []),
    { name: 'events', always: true, run: (context) => replay(frame, context) },
    ...(isLedger
      ? []
      : [
          { name: 'holds', run: (context: ResyncContext) => readHolds(frame, context) },
          { name: 'erasures', run: (context: ResyncContext) => readLedger(frame, context) },
        ]),
    { name: 'orders', always: true, run: (context) => carryOut(frame, context) },
    ...(own.after ?? []),
    { name: 'incarnation', run: ({ signal }) => life.followOn(signal) },
  ];
}

/** Consumers go on until nothing lies before them; they stay. What they tell others waits until the service is open. */
async function replay(frame: Frame, { signal, progress }: ResyncContext): Promise<void> {
  const { events, clock } = frame;
  await events.keeper.tend();
  events.consumers.start();
  for (let most = 0; ; await clock.wait(LOOK_MS, signal)) {
    const states = events.consumers.states();
    const stuck = states.find(({ state }) => state === 'quarantined');
    if (stuck) throw standsStill(stuck.consumer, stuck.quarantine?.reason);
    const left = states.reduce((sum, { lag }) => sum + lag, 0);
    most = Math.max(most, left);
    await progress(most - left, most);
    if (states.every(({ caughtUp }) => caughtUp)) return;
  }
}

/** Whom holds keep, by RPC: what was to be spared must not be purged because a topic does not go back far enough. */
async function readHolds(frame: Frame, { get, signal, progress, tenants }: ResyncContext): Promise<void> {
  const rights = get(DataRights);
  const restores = frame.clients.of(privacyV1.RestoresServiceService, 'privacy');
  let taken = 0;
  for (const tenantId of await tenants()) {
    for await (const { holds } of restores.streamHolds({}, { tenantId, signal })) {
      await rights.takeHolds(tenantId, holds);
      await progress((taken += holds.length));
    }
  }
}

/** Orders of erasure since the backup, by RPC: their safety does not hang on how long a topic keeps them. */
async function readLedger(frame: Frame, context: ResyncContext): Promise<void> {
  const { get, restoredTo, signal, progress, tenants } = context;
  const rights = get(DataRights);
  const ledger = frame.clients.of(privacyV1.RestoresServiceService, 'privacy');
  const since = restoredTo && new Date(restoredTo.getTime() - MARGIN_MS).toISOString();
  let batches = 0;
  for (const tenantId of await tenants()) {
    const answers = ledger.streamErasures({ since: since ?? '' }, { tenantId, signal });
    for await (const { orders } of answers) {
      if (orders === undefined) continue;
      await rights.takeFromLedger(tenantId, orders);
      await progress((batches += 1));
    }
  }
}

/**
 * Until each erasure that is known has been carried out. One that fails keeps the service shut, and is tried again; so does
 * one that waits for something, but for receipts, which wait for memories of processes that are no more.
 */
async function carryOut({ clock }: Frame, { get, signal, progress }: ResyncContext): Promise<void> {
  const [due, rights] = [get(DueWork), get(DataRights)];
  for (let done = 0; ; await clock.wait(LOOK_MS, signal)) {
    done += await due.runDue([ORDERS]);
    // One that failed is counted by both.
    const open = Math.max(await rights.hastenErasures(), await due.countOpen(ORDERS));
    await progress(done, done + open);
    if (open === 0) return;
  }
}
