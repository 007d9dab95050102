import 'reflect-metadata';
import { startService } from '@heed/service';
import { type SendingStep, SendingSteps } from '../src/sending/sending-steps.js';
import { messaging } from '../src/service.js';
import { SkippingClock } from './skipping-clock.js';

/** messaging as a process of its own, to be killed: says a step's name when it stands there, and stays there. */
export interface SenderOrder {
  env: Record<string, string>;
  /** Absent: it goes on to the end. */
  holdAt?: SendingStep;
  /** By how much the clock of the spec is ahead: what it writes would lie in this process's future. */
  aheadMs: number;
}

const { env, holdAt, aheadMs } = JSON.parse(process.argv[2] ?? '') as SenderOrder;
const clock = new SkippingClock();
clock.skip(aheadMs);

// A provider is there before anything is sent, and it is one for all of the process.
SendingSteps.prototype.reached = function (step) {
  if (step !== holdAt) return undefined;
  process.stdout.write(`${step}\n`);
  return new Promise(() => undefined);
};
await startService(messaging, env, { clock, write: () => undefined });
setInterval(() => undefined, 60_000);
