import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { startService } from '@heed/service';
import { PermitGuard } from '../src/sending/permit-guard.js';
import { type SendingStep, SendingSteps } from '../src/sending/sending-steps.js';
import { messaging } from '../src/service.js';
import { SkippingClock } from './skipping-clock.js';

/**
 * Where a sender stops itself: before the first of its last checks, between one of them and the look at how long ago it
 * was, or behind that too, at the write itself.
 */
export type StopAt = 'before the check' | 'before RCPT TO' | 'at RCPT TO' | 'before the dot' | 'at the dot';

/** messaging as a process of its own, to be killed or stopped: says a step's name when it stands there. */
export interface SenderOrder {
  env: Record<string, string>;
  /** It stays there. Absent: it goes on to the end. */
  holdAt?: SendingStep;
  /** SIGSTOP, to itself, once in its first, second ... message; who sends SIGCONT lets it go on. */
  stopAt?: StopAt[];
  /** By how much the clock of the spec is ahead: what it writes would lie in this process's future. */
  aheadMs: number;
}

const { env, holdAt, stopAt = [], aheadMs } = JSON.parse(process.argv[2] ?? '') as SenderOrder;
const clock = new SkippingClock();
clock.skip(aheadMs);

const seen = new Set<string>();
let next: StopAt | undefined;

/** A message that is tried again is not stopped again. */
function takeUp(attemptId: string): void {
  if (seen.has(attemptId)) return;
  next = stopAt[seen.size];
  seen.add(attemptId);
}

/** The kernel stops this process before the call returns. */
function stop(at: StopAt): void {
  if (next !== at) return;
  next = undefined;
  writeSync(1, `stopped ${at}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

// A provider is there before anything is sent, and it is one for all of the process.
SendingSteps.prototype.reached = function (step, [attemptId = '']) {
  if (step === 'before-recipient') {
    takeUp(attemptId);
    stop('before the check');
  }
  if (step !== holdAt) return undefined;
  process.stdout.write(`${step}\n`);
  return new Promise(() => undefined);
};
const { mayBegin, mayEnd } = PermitGuard.prototype;
PermitGuard.prototype.mayBegin = function () {
  const may = mayBegin.call(this);
  if (may) stop('before RCPT TO');
  return may;
};
PermitGuard.prototype.mayEnd = function () {
  const may = mayEnd.call(this);
  if (may) stop('before the dot');
  return may;
};
const { write } = Socket.prototype;
Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
  const text = String(args[0]);
  if (text.startsWith('RCPT TO')) stop('at RCPT TO');
  if (text.endsWith('.\r\n')) stop('at the dot');
  return write.apply(this, args);
} as typeof write;
await startService(messaging, env, { clock, write: () => undefined });
process.stdout.write('ready\n');
setInterval(() => undefined, 60_000);
