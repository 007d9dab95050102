import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { newId, systemClock } from '@heed/kernel';
import { Fault, type Hands } from './check.js';
import { Checks } from './checks.js';
import { Office } from './office.js';

export interface JoinCheck {
  name: string;
  publicKey: Buffer;
  listen: string;
  tenantId?: string;
  hands: Hands;
  /** Starts the participant; HEED_PRIVACY and HEED_ORDERS_KEY are in its environment. Without, somebody else does. */
  start?: string;
  patienceMs: number;
  /** Told where to connect, and by which key orders are signed. */
  ready(privacy: string, ordersKey: string): void;
}

export interface Verdict {
  check: string;
  /** Empty: it holds. */
  fault: string;
}

/** Plays privacy for one participant, and what strangers could play; says what does not hold. */
export async function checkParticipant(options: JoinCheck): Promise<Verdict[]> {
  const { name, publicKey, listen, tenantId = newId(), patienceMs } = options;
  const office = new Office(name, publicKey, systemClock);
  const port = await office.listen(listen);
  const privacy = `${listen.slice(0, listen.lastIndexOf(':'))}:${port}`;
  const ordersKey = Buffer.from(office.ordersKey.publicKey).toString('base64');
  options.ready(privacy, ordersKey);
  const participant = options.start && start(options.start, privacy, ordersKey);
  try {
    const checks = new Checks(office, name, options.hands, tenantId, patienceMs, systemClock).list();
    const verdicts: Verdict[] = [];
    for (const { says, run, applies } of checks) {
      if (applies?.() === false) continue;
      const fault = await faultOf(run);
      verdicts.push({ check: says, fault });
      // Whoever does not come is not asked anything.
      if (verdicts.length === 1 && fault !== '') break;
    }
    return verdicts;
  } finally {
    office.close();
    if (participant) await end(participant);
  }
}

async function faultOf(run: () => Promise<void>): Promise<string> {
  try {
    await run();
    return '';
  } catch (error) {
    if (error instanceof Fault) return error.message;
    // A statement that cannot be read, and the like.
    return error instanceof Error ? error.message : String(error);
  }
}

/** By shell commands, which find TENANT, SUBJECT and EMAIL in their environment. */
export function handsOf({
  plant,
  look,
  change,
}: Record<'plant' | 'look', string> & { change?: string }): Hands {
  const run = (command: string, tenantId: string, subjectId: string, email: string) =>
    spawnSync(command, {
      ...{ shell: true, encoding: 'utf8' as const, timeout: 60_000 },
      env: { ...process.env, TENANT: tenantId, SUBJECT: subjectId, EMAIL: email },
    });
  return {
    plant: (...person) => run(plant, ...person).status === 0,
    ...(change !== undefined && { change: (...person) => run(change, ...person).status === 0 }),
    look: (...person) => {
      const { status, stdout } = run(look, ...person);
      const count = Number(stdout.trim());
      if (status === 0 && stdout.trim() !== '' && Number.isInteger(count)) return count;
      throw new Fault('the command of --look does not print a number');
    },
  };
}

/** In a group of its own: what the command starts ends with it. */
function start(command: string, privacy: string, ordersKey: string): ChildProcess {
  return spawn(command, {
    ...{ shell: true, detached: true, stdio: 'ignore' as const },
    env: { ...process.env, HEED_PRIVACY: privacy, HEED_ORDERS_KEY: ordersKey },
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
