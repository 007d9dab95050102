import { setTimeout as pause } from 'node:timers/promises';
import { traceTree, treeLines, type TreeNode } from '@heed/launcher';
import { currentSpanIds, withSpan } from '@heed/telemetry';
import { type Stage } from '../stage.js';

const PATIENCE_MS = 5_000;
const QUIET_MS = 1_500;
const POLL_MS = 100;

/** Does something as one trace, and says which. */
export function traced<T extends object>(work: () => Promise<T>): Promise<T & { traceId: string }> {
  return withSpan(
    'story.step',
    {},
    async () => ({ ...(await work()), traceId: currentSpanIds().traceId ?? '' }),
    { root: true },
  );
}

/** What it set in motion, through all services, as their own spans tell it. */
export async function showTrace({ cluster, steps, expect }: Stage, traceId: string): Promise<void> {
  const { traces } = cluster;
  if (!traces) {
    steps.say(`its trace, at your collector: ${traceId}`);
    return;
  }
  const tree = traceTree(
    await settled(
      () => traces.spans.length,
      () => traces.spans,
    ),
    traceId,
  );
  steps.say(`its trace ${traceId}: begun at, service, span, took`);
  for (const line of treeLines(tree)) steps.say(line);
  const silent = Object.keys(cluster.run.services).filter((service) => !servicesOf(tree).has(service));
  expect.equal('erasure: services that its trace does not show', silent.join(' '), '');
}

/** Exporters send twice a second: what has not grown for longer is all there is. */
async function settled<T>(size: () => number, read: () => T): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (let [last, since] = [size(), performance.now()]; performance.now() < until; await pause(POLL_MS)) {
    if (size() !== last) [last, since] = [size(), performance.now()];
    if (performance.now() - since > QUIET_MS) break;
  }
  return read();
}

function servicesOf(nodes: readonly TreeNode[]): Set<string> {
  return new Set(nodes.flatMap(({ service, children }) => [service, ...servicesOf(children)]));
}
