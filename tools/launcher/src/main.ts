import { existsSync, writeFileSync } from 'node:fs';
import { applyTopics } from '@heed/events';
import { Cluster } from './cluster/cluster.js';
import { runFileOf } from './cluster/run-file.js';
import { parseFlags, workPlace, type Flags } from './flags.js';
import { Steps } from './steps.js';
import { type PlayStory, type StoryReport } from './story-port.js';

/** `npm start`: the six services with all that they need, the story played on them, then up until Ctrl-C. */
export async function main(argv: string[]): Promise<number> {
  let flags: Flags;
  try {
    flags = parseFlags(argv, workPlace());
    if (flags.contacts && !existsSync(flags.contacts))
      throw new Error(`--contacts ${flags.contacts}: no such file`);
  } catch (error) {
    console.error(`${(error as Error).message}\n(npm start -- --help)`);
    return 2;
  }
  const steps = new Steps();
  const playStory = await loadStory();
  const cluster = new Cluster({
    dataDir: flags.data,
    bus: flags.bus,
    steps,
    applyTopics: ({ connection }) => applyTopics(connection),
  });
  const interruption = { come: false };
  const interrupted = onInterrupt(() => {
    interruption.come = true;
    steps.hush();
    return stop(cluster, steps);
  });

  const played = async (): Promise<number> => {
    steps.heading('Starting');
    await cluster.start();
    const { once, size, contacts } = flags;
    const report = await playStory({ cluster, steps, options: { once, size, contacts } });
    if (flags.report) writeReport(flags.report, report, steps);
    for (const failure of report.failures) steps.warn(failure);
    if (once) return report.ok ? 0 : 1;
    steps.heading(`Up. Where everything is: ${runFileOf(flags.data)}. Ctrl-C stops it.`);
    reviveWhenAsked(cluster, steps);
    // Nobody waits now: the next start of Kafka is made faster.
    await cluster.parts.kafka.train?.();
    return await stayingUp(interrupted);
  };
  try {
    return await Promise.race([played(), interrupted]);
  } catch (error) {
    if (interruption.come) return await interrupted;
    console.error(`\n${(error as Error).message}`);
    return 1;
  } finally {
    await stop(cluster, steps);
  }
}

/** What was killed to see what happens is started again by a signal, once the story, which kills too, is over. */
function reviveWhenAsked(cluster: Cluster, steps: Steps): void {
  process.on('SIGUSR2', () => {
    const ended = cluster.ended;
    if (ended.length === 0) return steps.say('every service runs');
    const started = async (): Promise<void> => {
      for (const name of ended) await cluster.revive(name);
    };
    // `run` has said why it failed.
    void steps.run('again', started, () => ended.join(', ')).catch(() => undefined);
  });
}

async function loadStory(): Promise<PlayStory> {
  // By a name that the compiler does not follow: the story is built on the launcher.
  const name = '@heed/story';
  const { playStory } = (await import(name)) as { playStory?: PlayStory };
  if (!playStory) throw new Error('there is no story to play yet: @heed/story exports no playStory');
  return playStory;
}

let stopping: Promise<void> | undefined;

function stop(cluster: Cluster, steps: Steps): Promise<void> {
  stopping ??= steps.run('stopped', () => cluster.stop()).then(() => undefined);
  return stopping;
}

/** Resolves with the exit code once a signal came and all is stopped. Another one, later, leaves at once. */
function onInterrupt(stopAll: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    let first: number | undefined;
    for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
      process.on(signal, () => {
        // Ctrl-C comes from the terminal and, passed on by npm, a second time: that is nobody's impatience.
        if (first !== undefined && performance.now() - first > 1_000) process.exit(code);
        if (first !== undefined) return;
        first = performance.now();
        console.log('');
        void stopAll().then(() => resolve(code));
      });
    }
  });
}

/** Handlers of signals keep no process alive, and all that was started is unref'd: without a timer this one would end. */
async function stayingUp(interrupted: Promise<number>): Promise<number> {
  const awake = setInterval(() => undefined, 3_600_000);
  try {
    return await interrupted;
  } finally {
    clearInterval(awake);
  }
}

function writeReport(file: string, report: StoryReport, steps: Steps): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  steps.say(`report: ${file}`);
}
