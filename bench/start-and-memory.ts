import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Steps } from '@heed/launcher';
import { playStory } from '@heed/story';
import { memoryMb } from '../tools/launcher/src/processes/memory.js';
import { type Bench } from './bench.js';
import { type Place } from './place.js';

const SERVICES = 6;
/** What the story left for the garbage collector and for idle connections is gone by then. */
const REST_MS = 30_000;

/** From the first of the six processes spawned to the last one ready; what each holds once the story has been played. */
export const startAndMemory: Bench = {
  name: 'start',
  run: async (place) => {
    const cluster = await place.cluster();
    const size = place.scaled(10_000, 300);
    const report = await playStory({
      cluster,
      options: { once: true, size },
      // The steps alone: what one may try next is gone in a minute.
      steps: new Steps((line) => /^ +[✓✗!]/.test(line) && place.say(line.trim())),
    });
    if (!report.ok) throw new Error(`the story did not hold: ${report.failures.join('; ')}`);
    await pause(REST_MS);
    const memory = Object.entries(await cluster.memory()).sort(([, a], [, b]) => b - a);
    const bare = await bareProcesses(place, join(cluster.dataDir, 'compile-cache'));
    return [
      {
        name: 'start of the six to ready',
        ...{ value: cluster.startedInMs / 1_000, unit: 's', floor: bare.seconds, aim: { atMost: 12 } },
      },
      ...memory.map(([service, mb]) => ({
        name: `memory (PSS) of ${service} after the story`,
        ...{ value: mb, unit: 'MB', floor: bare.mb, aim: { atMost: 180 } },
        notes: { size },
      })),
    ];
  },
};

/** As many processes at once that load the same libraries from compiled code, and nothing else. */
async function bareProcesses(place: Place, compileCache: string): Promise<{ seconds: number; mb: number }> {
  await together(1, compileCache);
  const measured = await together(SERVICES, compileCache);
  place.say(`${SERVICES} bare processes up in ${measured.seconds.toFixed(1)} s`);
  return measured;
}

async function together(count: number, compileCache: string): Promise<{ seconds: number; mb: number }> {
  const begun = performance.now();
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [fileURLToPath(new URL('./bare-service.mjs', import.meta.url))], {
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  try {
    await Promise.all(children.map(({ stdout }) => once(stdout!, 'data')));
    const seconds = (performance.now() - begun) / 1_000;
    const memory = await Promise.all(children.map(({ pid }) => memoryMb(pid!)));
    return { seconds, mb: memory.reduce((sum, mb) => sum + mb, 0) / count };
  } finally {
    await Promise.all(children.map((child) => (child.kill('SIGTERM'), once(child, 'exit'))));
  }
}
