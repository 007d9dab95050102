import { readFileSync } from 'node:fs';
import { isAlive, output } from './processes.js';

/** A process beyond its pid, which is given to another one day: the pid and when it started. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22, in clock ticks since boot; the second field may hold spaces, the rest follows its last bracket.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return { pid, started: `${boot}/${ticks}` };
  } catch {
    const started = await output('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => '');
    return started ? { pid, started: started.trim() } : undefined;
  }
}

export async function stillRuns(identity: ProcessIdentity): Promise<boolean> {
  return (await identityOf(identity.pid))?.started === identity.started;
}
