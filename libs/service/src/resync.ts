import { beginStep, finishStep, leaveQuarantine, progressStep, readQuarantine } from '@heed/events';
import { type Type } from '@nestjs/common';
import { type Frame } from './frame.js';

/** What a step of catching up is given. */
export interface ResyncContext {
  get<T>(token: Type<T> | symbol | (abstract new (...args: never[]) => T)): T;
  /** When the backup was taken; undefined where nobody knows: then all that can be had is gone through. */
  restoredTo: Date | undefined;
  signal: AbortSignal;
  /** Those that the database knows: of tenants that came later nobody is in it yet. */
  tenants(): Promise<string[]>;
  /** Shown by `heed resync`. */
  progress(done: number, total?: number): Promise<void>;
}

export interface ResyncStep {
  name: string;
  /** It must bear to be killed and begun again. */
  run(context: ResyncContext): Promise<void>;
  /** It is run again by every process that goes on with a resync, finished or not. */
  always?: boolean;
}

type Needed = Pick<Frame, 'uow' | 'clock' | 'log' | 'databases'>;

const LOOK_MS = 500;
const RETRY_MS = 2_000;

/**
 * Stands silent until somebody asks for a resync, then does its steps, one after another and each as often as it takes,
 * and leaves the quarantine; unless an operator lifts it, or the service is stopped before that.
 */
export async function resyncWhenAsked(
  frame: Needed,
  steps: readonly ResyncStep[],
  get: ResyncContext['get'],
  signal: AbortSignal,
): Promise<'caught-up' | 'lifted' | 'stopped'> {
  const { uow, clock, log } = frame;
  while (!signal.aborted) {
    try {
      const quarantine = await uow.runAcross('service', (tx) => readQuarantine(tx));
      if (quarantine === undefined) return 'lifted';
      if (quarantine.resyncAskedAt !== null) {
        await catchUp(frame, steps, { get, signal, restoredTo: quarantine.restoredTo ?? undefined });
        // What was asked of the old life is over once the new one serves; until then a killed process goes on with it.
        await uow.runAcross('service', (tx) => leaveQuarantine(tx, clock.now()));
        return 'caught-up';
      }
    } catch (error) {
      if (!signal.aborted) log.error('resync interrupted, goes on', { error });
      await clock.wait(RETRY_MS, signal).catch(() => undefined);
    }
    await clock.wait(LOOK_MS, signal).catch(() => undefined);
  }
  return 'stopped';
}

async function catchUp(
  { uow, clock, log, databases }: Needed,
  steps: readonly ResyncStep[],
  context: Omit<ResyncContext, 'progress' | 'tenants'>,
): Promise<void> {
  for (const [ordinal, step] of steps.entries()) {
    const { name } = step;
    const isOpen = await uow.runAcross('service', (tx) => beginStep(tx, name, ordinal, clock.now()));
    if (!isOpen && !step.always) continue;
    await step.run({
      ...context,
      tenants: () => tenantsIn(databases),
      progress: (done, total) =>
        uow.runAcross('service', (tx) => progressStep(tx, name, done, total ?? null)),
    });
    await uow.runAcross('service', (tx) => finishStep(tx, name, clock.now()));
    log.info('resync step done', { component: name });
  }
}

/** Tenant by tenant, each by the first of its people: nobody counts through all of them. */
const TENANTS = `with recursive known (tenant_id) as (
    (select tenant_id from heed.subject order by tenant_id limit 1)
    union all
    select (select s.tenant_id from heed.subject s where s.tenant_id > known.tenant_id order by s.tenant_id limit 1)
    from known where known.tenant_id is not null
  )
  select tenant_id from known where tenant_id is not null`;

/** Those that the database knows, in order. */
export async function tenantsIn({ main }: Frame['databases']): Promise<string[]> {
  const { rows } = await main.pool('probe').query<{ tenant_id: string }>(TENANTS);
  return rows.map(({ tenant_id: tenantId }) => tenantId);
}
