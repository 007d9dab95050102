import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { MortalProcess, type Death, type Step } from './mortal-process.js';
import { testPostgres } from './parts.js';

export interface Life<World> {
  /** What is there before; anew for each life, so that none sees what another has left. */
  begin(): Promise<World>;
  /** The use case, in a process that may die of it. What it answers was heard by its caller. */
  live(world: World, process: MortalProcess): Promise<unknown>;
  /** What other processes, and callers who heard no answer, do about it. Also where nobody died. */
  recover(world: World, answered: boolean): Promise<void>;
  /** What must be so now, whoever died where. */
  verify(world: World, answered: boolean): Promise<void>;
}

/**
 * Kills at every step, found by observing one run: a first process lives to its end and its steps are written down
 * (statements, publishes, hand-overs, puts); then the same is done again with a death before the first, between every
 * two, and after the last. Between two steps the process has shown nothing to anybody, so the death after the one and
 * before the other are the same to the world: what ends something (COMMIT, a put) is done and its answer not heard,
 * anything else is followed by a death before the next. Returns the names of the steps, so that a spec can say that it
 * has seen what it is about.
 */
export function everyStep<World>(life: Life<World>): Promise<string[]> {
  return killed(life, deathsAmong);
}

/**
 * Kills before the first step and after every effect: each commit, publish, hand-over and put. Whoever dies between two
 * statements of a transaction leaves the world as it was before the first: for long use cases of one worker, where
 * `everyStep` would die the same death a hundred times over.
 */
export function everyEffect<World>(life: Life<World>): Promise<string[]> {
  return killed(life, deathsAfterEffects);
}

async function killed<World>(
  life: Life<World>,
  deathsOf: (steps: readonly Step[]) => Death[],
): Promise<string[]> {
  const observer = new pg.Client({ connectionString: await testPostgres() });
  await observer.connect();
  try {
    const { steps } = await once(life, observer);
    let spared = 0;
    for (const death of deathsOf(steps)) {
      const { isDead } = await once(life, observer, death);
      if (!isDead) spared += 1;
    }
    if (spared > steps.length * MOST_SPARED) {
      throw new Error(`${spared} runs of ${steps.length} ended before their death: no two take the same way`);
    }
    return steps.map(({ name }) => name);
  } finally {
    await observer.end();
  }
}

/** The share of runs that may end before the step at which they were to die. */
const MOST_SPARED = 0.1;

/** One in each gap. */
function deathsAmong(steps: readonly Step[]): Death[] {
  const gaps = steps.map(({ seen }, index): Death => {
    const at = index + 1;
    return seen || at === steps.length ? { at, when: 'after' } : { at: at + 1, when: 'before' };
  });
  return [{ at: 1, when: 'before' }, ...gaps];
}

function deathsAfterEffects(steps: readonly Step[]): Death[] {
  const effects = steps.flatMap(({ seen }, index): Death[] =>
    seen ? [{ at: index + 1, when: 'after' }] : [],
  );
  return [{ at: 1, when: 'before' }, ...effects];
}

async function once<World>(life: Life<World>, observer: pg.Client, death?: Death): Promise<MortalProcess> {
  const world = await life.begin();
  const process = new MortalProcess(death);
  let answered = false;
  const lived = life.live(world, process).then(() => {
    answered = !process.isDead;
  });
  if (death) {
    // What hangs is left hanging: it has no hands any more. A run may also be shorter than the first, which had to
    // wait for somebody else on the same server: then it lives to its end, and must stand that test.
    await Promise.race([lived.catch(() => undefined), process.died]);
  }
  if (process.isDead) {
    await buried(process, observer);
  } else {
    await lived;
    await process.end();
  }
  try {
    await life.recover(world, answered);
    await life.verify(world, answered);
  } catch (error) {
    if (!death) throw error;
    const step = process.steps[death.at - 1]?.name ?? '';
    throw new Error(`killed ${death.when} step ${death.at}, "${step}": ${(error as Error).message}`, {
      cause: error,
    });
  }
  return process;
}

/** Resolves once PostgreSQL has seen that the process is gone: its transactions are rolled back, its locks are free. */
async function buried({ backends }: MortalProcess, observer: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await observer.query('select 1 from pg_stat_activity where pid = any ($1::int[])', [
      [...backends],
    ]);
    if (rowCount === 0) return;
    await turn();
  }
}
