import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { newId, systemClock } from '@heed/kernel';
import { logger } from '@heed/telemetry';
import { SipCarrier } from '../services/telephony/src/carrier/sip-carrier.js';
import { apologyTone, doneTone, recordingTone } from '../services/telephony/src/media/tones.js';
import { USUAL_TIMERS } from '../services/telephony/src/sip/sip-timers.js';
import { type Bench } from './bench.js';

const HOST = '127.0.0.2';
/** Calls at once, as HEED_CALL_LINES has them; the floor has as many. */
const LINES = 20;

/** Calls a second that are set up, taken up and ended, by the driver of SIP trunks against sipp. */
export const callSip: Bench = {
  name: 'sip',
  run: async (place) => {
    const calls = place.scaled(5_000, 200);
    const cpu = process.cpuUsage();
    const value = await withPhones((port) => callsASecond(port, calls));
    const { user, system } = process.cpuUsage(cpu);
    return [
      {
        name: 'SIP calls set up and torn down',
        value,
        unit: 'calls/s',
        floor: await withPhones((port) => bareCallsASecond(port, calls)),
        aim: { atLeast: 100 },
        notes: { calls, lines: LINES, cpuMsACall: (user + system) / 1_000 / calls },
      },
    ];
  },
};

async function callsASecond(port: number, calls: number): Promise<number> {
  const carrier = new SipCarrier({
    clock: systemClock,
    log: logger({}, { write: () => undefined }),
    trunk: {
      ...{
        address: { host: HOST, port, transport: 'udp', scheme: 'sip' },
        registers: false,
        timers: USUAL_TIMERS,
      },
      ...{ ringMs: 30_000, longestMs: 60_000, listenMs: 60_000, speech: {}, announcement: recordingTone() },
      partings: { done: doneTone(), apology: apologyTone() },
    },
  });
  const guard = { mayBegin: () => true, mayRepeat: () => true, begun: () => undefined };
  let next = 0;
  let talked = 0;
  const line = async (): Promise<void> => {
    while (next++ < calls) {
      const callId = newId();
      await carrier.place({ callId, to: '+15550100002', from: '+15550100001', script: '' }, guard);
      for (let isOver = false; !isOver;) {
        const changed = carrier.changed(callId);
        const seen = await carrier.state(callId);
        if (seen?.state === 'answered') await carrier.hangUp(callId);
        if (seen?.state === 'ended' && seen.answeredAt) talked += 1;
        isOver = seen?.state === 'ended';
        if (seen?.state === 'ringing' && changed && !changed.aborted) await once(changed, 'abort');
      }
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: LINES }, line));
  const seconds = (performance.now() - begun) / 1_000;
  await carrier.close();
  if (talked !== calls) throw new Error(`${talked} of ${calls} calls were taken up`);
  return calls / seconds;
}

/** sipp calls sipp, as fast as the same number of lines lets it. */
async function bareCallsASecond(port: number, calls: number): Promise<number> {
  const begun = performance.now();
  const rates = ['-r', '5000', '-l', String(LINES), '-m', String(calls), '-d', '0'];
  const [code] = await ended(sipp(['-sn', 'uac', `${HOST}:${port}`, '-i', '127.0.0.1', ...rates]));
  if (code !== 0) throw new Error(`sipp against sipp ended with ${code}`);
  return (calls * 1_000) / (performance.now() - begun);
}

/** Telephones that take up every call, on a port that was free a moment ago. */
async function withPhones<T>(use: (port: number) => Promise<T>): Promise<T> {
  const probe = createSocket('udp4').bind(0, HOST);
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  const phones = sipp(['-sn', 'uas', '-i', HOST, '-p', String(port)]);
  const over = ended(phones);
  try {
    // One that is not counted: its INVITE is repeated until they listen.
    await Promise.race([
      callsASecond(port, 1),
      over.then(() => Promise.reject(new Error('sipp did not start'))),
    ]);
    return await use(port);
  } finally {
    phones.kill('SIGKILL');
    await over;
  }
}

function sipp(args: string[]): ChildProcess {
  return spawn('sipp', [...args, '-nostdin'], { stdio: 'ignore' });
}

async function ended(child: ChildProcess): Promise<[number | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error('sipp is needed (Debian: apt-get install sip-tester)')));
    child.once('exit', (code) => resolve([code]));
  });
}
