import { confirmed } from './backup/confirmed.js';
import { openInstallation } from './backup/installation.js';
import { backUpPhysically } from './physical/physical-backup.js';
import { planPhysicalRestore, restorePhysically } from './physical/physical-restore.js';
import { openStill } from './physical/still-installation.js';
import { Steps } from './steps.js';

/** `npm run backup -- --physical` */
export async function physicalBackupMain(options: {
  root: string;
  data: string;
  to: string;
  declaredAs: string;
}): Promise<number> {
  const steps = new Steps();
  const installation = await openInstallation(options.data, process.env);
  try {
    steps.heading('Physical backup');
    const made = await backUpPhysically(installation, { ...options, steps, now: new Date() });
    steps.heading(
      `the whole server, with keys of subjects (wrapped), and objects: ${made.folder}\n` +
        `It is of no use after ${made.expiresAt}, and is removed by the next such backup that is made there.\n` +
        `Not in it: ${options.data}/keys (what unwraps those keys, and signs). Keep a copy of that somewhere else.`,
    );
    return 0;
  } finally {
    await installation.close();
  }
}

/** `npm run restore -- --physical FOLDER` */
export async function physicalRestoreMain(options: {
  root: string;
  data: string;
  from: string;
  yes: boolean;
  althoughTooOld: boolean;
}): Promise<number> {
  const steps = new Steps();
  const { root, from, althoughTooOld } = options;
  try {
    const still = await openStill(options.data, process.env);
    try {
      const record = await steps.run(
        'backup',
        () => planPhysicalRestore(still, { root, from, althoughTooOld, now: new Date() }),
        () => 'whole, of this installation, and what was told since can still be read',
      );
      steps.say(`all six services, their keys and objects go back to ${record.takenAt}`);
      steps.say(`the databases that are there now are moved aside, to ${still.place.dataDir}.replaced-…`);
      if (!options.yes && !(await confirmed('All services go back.'))) {
        steps.say('nothing has been changed');
        return 1;
      }
      const aside = await restorePhysically(still, { root, from, steps, now: new Date() }, record);
      steps.heading(
        [
          ...(aside ? [`What was there before: ${aside}`, AWAY] : []),
          'Next: npm start, and then',
          '  npx heed resync all',
          'Until that is done they answer nothing but health (docs/runbooks/restore.md).',
        ].join('\n'),
      );
      return 0;
    } finally {
      await still.close();
    }
  } catch (error) {
    console.error(`\n${(error as Error).message}`);
    return 1;
  }
}

const AWAY =
  'It is a copy of people and of their keys: remove it as soon as nobody needs it, within 7 days at most.';
