import { readdirSync, readFileSync } from 'node:fs';
import { type Place } from './place.js';

type Spent = Record<string, number>;

/**
 * What a piece of work costs each process, in milliseconds of a core for one unit of it: services, parts and, as
 * `bench`, the process that measures. Empty where there is no /proc.
 */
export async function cpuOf(place: Place): Promise<{ per(units: number): Record<string, number> }> {
  const { services, parts } = (await place.cluster()).run;
  const { started } = await place.parts();
  const pids: Record<string, number | undefined> = {
    ...Object.fromEntries(Object.entries(services).map(([name, { pid }]) => [name, pid])),
    postgres: started.postgres?.pid,
    kafka: started.kafka?.pid,
    nats: started.nats?.pid,
    mail: parts.smtp.pid,
    bench: process.pid,
  };
  const before = spent(pids);
  return {
    per: (units) => {
      const after = spent(pids);
      const costs = Object.entries(after).map(([name, ms]): [string, number] => [
        name,
        Number(((ms - (before[name] ?? 0)) / units).toPrecision(3)),
      ]);
      return Object.fromEntries(costs.filter(([, ms]) => ms > 0));
    },
  };
}

function spent(pids: Record<string, number | undefined>): Spent {
  const children = childrenOf(pids['postgres']);
  const costs = Object.entries(pids).map(([name, pid]): [string, number] => {
    const own = pid ? ticksOf(pid) : 0;
    // PostgreSQL has a process for each connection; of those that ended it keeps the sum.
    const rest = name === 'postgres' ? children.reduce((sum, child) => sum + ticksOf(child), 0) : 0;
    return [name, (own + rest) * MS_A_TICK];
  });
  return Object.fromEntries(costs);
}

const MS_A_TICK = 10;

/** User and system time of a process, and of its children that have ended. */
function ticksOf(pid: number): number {
  const fields = statOf(pid);
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0);
}

function childrenOf(parent: number | undefined): number[] {
  if (!parent) return [];
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => Number(statOf(pid)[1]) === parent);
  } catch {
    return [];
  }
}

/** The fields of /proc/<pid>/stat after the name, from the state on. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
