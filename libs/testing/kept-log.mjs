import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where one run keeps the logs of its spec files. */
export const keptLogs = (run) => join(root, '.heed', `test-logs-${run}`);

/** The log of one spec file. */
export const keptLog = (run, spec) =>
  join(keptLogs(run), `${relative(root, spec).replaceAll(/[\\/]/g, '--')}.log`);
