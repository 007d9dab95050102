import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from './cluster/json-file.js';
import { workPlace } from './flags.js';
import { sharedPartsFile, sharedPartsRunning } from './shared-parts.js';
import { startTestParts } from './test-parts.js';

/** `npm run parts`: what specs need, kept running for whoever works on the code (libs/testing finds it). */
const dataDir = join(workPlace().root, '.heed');
const folder = join(dataDir, 'test-parts');
const file = sharedPartsFile(dataDir);
const say = (line: string) => console.log(line);

const other = sharedPartsRunning(dataDir);
if (other) {
  say(`parts are already running (pid ${other}, ${file})`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true, mode: 0o711 });
const { parts, started, stop } = await startTestParts({ folder, want: ['postgres', 'kafka', 'nats'], say });
for (const [name, part] of Object.entries(started)) say(`${name}: ${part.note}`);
writeJson(file, { pid: process.pid, ...parts });
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
