import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolvePostgres } from './parts/postgres.js';

/** `npm run parts`: the parts that specs need, kept running for whoever works on the code. */
const folder = join(process.cwd(), '.heed', 'test-parts');
const file = join(process.cwd(), '.heed', 'test-parts.json');
mkdirSync(folder, { recursive: true, mode: 0o711 });
const postgres = await resolvePostgres({
  dataDir: join(folder, 'postgres'),
  logFile: join(folder, 'postgres.log'),
  throwAway: true,
});
console.log(postgres.note);
writeFileSync(
  file,
  JSON.stringify({ pid: process.pid, postgres: { url: postgres.url, pid: postgres.pid } }),
  { mode: 0o600 },
);
const hold = setInterval(() => undefined, 1 << 30);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(hold);
    rmSync(file, { force: true });
    void postgres.stop();
  });
}
