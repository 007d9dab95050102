import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newId } from '@heed/kernel';
import { Slots } from '../services/messaging/src/sending/slots.js';
import { environmentOf } from '../services/messaging/test/environment.js';
import { MessagingService } from '../services/messaging/test/messaging-service.js';
import { type SenderOrder } from '../services/messaging/test/sender-child.js';

/**
 * How many mails a second one messaging process hands to the local mail server, and what a mail costs it:
 *   node --conditions=heed-source --import ./libs/testing/typescript-hooks.mjs bench/send-email.ts --mails 3000 --slots 20
 * Sender and mail server are processes of their own; contacts, campaigns and identity are stood in for, permits are real
 * ones over gRPC; every mail is claimed, armed with its proof, sealed, handed over, concluded and told to campaigns.
 */
const { values } = parseArgs({
  options: { mails: { type: 'string', default: '3000' }, slots: { type: 'string', default: '20' } },
});
const mails = Number(values.mails);
const hooks = ['--conditions=heed-source', '--import', file('../libs/testing/typescript-hooks.mjs')];

const mailServer = spawn(
  process.execPath,
  [
    ...hooks,
    file('../tools/launcher/src/mail-server/main.ts'),
    '--data',
    mkdtempSync(join(tmpdir(), 'mail-')),
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const service = new MessagingService();
try {
  const env = {
    HEED_SMTP_URL: `smtp://127.0.0.1:${await portOf(mailServer)}`,
    HEED_SMTP_SLOTS: values.slots,
  };
  await service.start({ env });
  // The sender of this process keeps its hands still: the one that is measured is a process of its own.
  const slots = service.cluster.service('messaging').get(Slots);
  slots.take(slots.count);
  for (let at = 0; at < mails; at += 500) {
    await service.dispatch(Array.from({ length: Math.min(500, mails - at) }, () => newId()));
  }
  while ((await count('queued')) < mails) await pause(50);

  const order: SenderOrder = {
    env: { ...environmentOf(service.cluster.service('messaging')), HEED_GRPC_LISTEN: '127.0.0.1:0' },
    aheadMs: 0,
  };
  const sender = spawn(
    process.execPath,
    [...hooks, file('../services/messaging/test/sender-child.ts'), JSON.stringify(order)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    while ((await count('concluded')) < mails / 10) await pause(20);
    const before = {
      at: performance.now(),
      done: await count('concluded'),
      sender: cpuMs(sender),
      mailServer: cpuMs(mailServer),
    };
    while ((await count('concluded')) < mails) await pause(50);
    const done = mails - before.done;
    console.log({
      slots: slots.count,
      perSecond: Math.round((done * 1000) / (performance.now() - before.at)),
      cpuMsAMail: {
        messaging: round((cpuMs(sender) - before.sender) / done),
        mailServer: round((cpuMs(mailServer) - before.mailServer) / done),
      },
      outcomes: await outcomes(),
    });
  } finally {
    sender.kill('SIGKILL');
  }
} finally {
  mailServer.kill('SIGKILL');
  await service.stop();
}

async function portOf(server: ChildProcess): Promise<number> {
  for await (const line of createInterface(server.stdout!)) {
    return (JSON.parse(line) as { smtp: { port: number } }).smtp.port;
  }
  throw new Error('the mail server did not start');
}

async function count(state: string): Promise<number> {
  const { rows } = await service.database
    .pool('probe')
    .query<{ count: number }>('select count(*)::int as count from attempt where state = $1', [state]);
  return rows[0]!.count;
}

async function outcomes(): Promise<object[]> {
  const { rows } = await service.database
    .pool('probe')
    .query<object>('select outcome, reason, count(*)::int, max(late_ms) as late from attempt group by 1, 2');
  return rows;
}

/** User and system time of a process so far. */
function cpuMs({ pid }: ChildProcess): number {
  const [, , ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function file(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
