import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes/processes.js';
import { startTestParts } from './test-parts.js';

/** `npm run parts`: what specs need, kept running for whoever works on the code (libs/testing finds it). */
const folder = join(process.cwd(), '.heed', 'test-parts');
const file = join(process.cwd(), '.heed', 'test-parts.json');
const say = (line: string) => console.log(line);

const other = runningElsewhere();
if (other) {
  say(`parts are already running (pid ${other}, ${file})`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true, mode: 0o711 });
const { parts, started, stop } = await startTestParts({ folder, want: ['postgres', 'kafka', 'nats'], say });
for (const [name, part] of Object.entries(started)) say(`${name}: ${part.note}`);
writeFileSync(file, JSON.stringify({ pid: process.pid, ...parts }), { mode: 0o600 });
say(`running; specs find them by ${file}; Ctrl-C stops them`);

const hold = setInterval(() => undefined, 1 << 30);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(hold);
    rmSync(file, { force: true });
    void stop();
  });
}

// Nobody waits now: the next start of Kafka is made faster.
await started.kafka?.train?.();

function runningElsewhere(): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    return isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
