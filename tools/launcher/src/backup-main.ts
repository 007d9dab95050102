import { join, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from './backup/backup.js';
import { openInstallation } from './backup/installation.js';
import { workPlace } from './flags.js';
import { physicalBackupMain } from './physical-main.js';
import { Steps } from './steps.js';

/** `npm run backup`: see tools/launcher/backup.mjs. */
export async function backupMain(argv: string[]): Promise<number> {
  const { cwd, root } = workPlace();
  const { values } = parseArgs({
    args: argv,
    options: {
      to: { type: 'string' },
      'keys-to': { type: 'string' },
      data: { type: 'string' },
      physical: { type: 'boolean', default: false },
      'declared-as': { type: 'string' },
    },
  });
  const data = values.data ? resolve(cwd, values.data) : join(root, '.heed');
  if (values.physical) {
    if (values['keys-to'] !== undefined) {
      console.error(
        'a physical backup is one of the whole server, keys included: --keys-to means nothing there',
      );
      return 2;
    }
    const folder = values.to ? resolve(cwd, values.to) : join(data, 'physical-backups');
    return physicalBackupMain({ root, data, to: folder, declaredAs: values['declared-as'] ?? 'physical' });
  }
  const to = values.to ? resolve(cwd, values.to) : join(data, 'backups');
  const keysTo = values['keys-to'] ? resolve(cwd, values['keys-to']) : `${to}-keys`;
  if (
    keysTo === to ||
    `${keysTo}${sep}`.startsWith(`${to}${sep}`) ||
    `${to}${sep}`.startsWith(`${keysTo}${sep}`)
  ) {
    console.error(
      `keys are never kept beside what they open: --keys-to must not be ${to}, in it or around it`,
    );
    return 2;
  }
  const steps = new Steps();
  const installation = await openInstallation(data, process.env);
  try {
    steps.heading('Backup');
    const made = await backUp(installation, { root, to, keysTo, steps, now: new Date() });
    steps.heading(
      `rows and objects: ${made.main}\n` +
        `keys of subjects, wrapped, for 7 days: ${made.keys}\n` +
        `Not in it: ${join(data, 'keys')} (what unwraps them, and signs). Keep a copy of that where neither of these is.`,
    );
    return 0;
  } finally {
    await installation.close();
  }
}
