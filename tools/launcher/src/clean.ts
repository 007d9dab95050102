import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockHolder } from './cluster/lock.js';
import { stopLeftOverParts, stopLeftOverServices } from './cluster/run-file.js';
import { parseFlags, workPlace } from './flags.js';
import { databasesElsewhere } from './parts/embedded-postgres.js';
import { sharedPartsRunning } from './shared-parts.js';

/** `npm run clean`: the data folder and what lies elsewhere for it; nothing that may still be in use. */
export async function clean(argv: string[]): Promise<number> {
  const { data } = parseFlags(argv, workPlace());
  if (!existsSync(data)) {
    console.log(`nothing to remove: ${data}`);
    return 0;
  }
  const holder = await lockHolder(data);
  if (holder) {
    console.error(`a launcher (pid ${holder}) works on ${data}: stop it first (Ctrl-C there)`);
    return 1;
  }
  const shared = sharedPartsRunning(data);
  if (shared) {
    console.error(`npm run parts (pid ${shared}) keeps its data in ${data}: stop it first`);
    return 1;
  }
  await stopLeftOverServices(data);
  await stopLeftOverParts(data);
  const elsewhere = ['postgres', 'test-parts/postgres'].flatMap(
    (name) => databasesElsewhere(join(data, name)) ?? [],
  );
  for (const path of [...elsewhere, data]) {
    rmSync(path, { recursive: true, force: true });
    console.log(`removed ${path}`);
  }
  return 0;
}
