import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { confirmed } from './backup/confirmed.js';
import { openInstallation } from './backup/installation.js';
import { servicesIn } from './backup/backup-record.js';
import { planRestore, restore, type Plan } from './backup/restore.js';
import { serviceNames, type ServiceName } from './cluster/services.js';
import { workPlace } from './flags.js';
import { physicalRestoreMain } from './physical-main.js';
import { Steps } from './steps.js';

/** `npm run restore`: see tools/launcher/restore.mjs. */
export async function restoreMain(argv: string[]): Promise<number> {
  const { cwd, root } = workPlace();
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      from: { type: 'string' },
      'keys-from': { type: 'string' },
      physical: { type: 'string' },
      data: { type: 'string' },
      'although-too-old': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const data = values.data ? resolve(cwd, values.data) : join(root, '.heed');
  const [which, ...more] = positionals;
  if (values.physical !== undefined) {
    if (which !== undefined || values.from !== undefined || values['keys-from'] !== undefined) {
      console.error('--physical FOLDER puts back a whole server: no service, no --from and no --keys-from');
      return 2;
    }
    const from = resolve(cwd, values.physical);
    return physicalRestoreMain({
      ...{ root, data, from, yes: values.yes, althoughTooOld: values['although-too-old'] },
    });
  }
  if (which === undefined || more.length > 0 || values.from === undefined) {
    console.error('say which service, or all, and --from the folder of a backup (npm run restore -- --help)');
    return 2;
  }
  const from = resolve(cwd, values.from);
  const services = which === 'all' ? servicesIn(from) : serviceNames.filter((name) => name === which);
  if (services.length === 0) {
    console.error(
      which === 'all' ? `${from} holds no backup` : `${which} is no service: ${serviceNames.join(', ')}`,
    );
    return 2;
  }
  const steps = new Steps();
  const installation = await openInstallation(data, process.env);
  try {
    const keysFrom = values['keys-from'] && resolve(cwd, values['keys-from']);
    const plans = await steps.run(
      'backup',
      () =>
        planRestore(installation, {
          ...{ root, services, from, keysFrom, steps },
          althoughTooOld: values['although-too-old'],
        }),
      () => 'whole, of this installation, and what was told since can still be read',
    );
    for (const line of told(plans)) steps.say(line);
    if (!values.yes && !(await confirmed())) {
      steps.say('nothing has been changed');
      return 1;
    }
    await restore(installation, { root, steps }, plans);
    steps.heading(whatIsNext(services, installation.launcher));
    return 0;
  } catch (error) {
    console.error(`\n${(error as Error).message}`);
    return 1;
  } finally {
    await installation.close();
  }
}

function told(plans: readonly Plan[]): string[] {
  return plans.flatMap(({ service, parts }) =>
    parts.map(({ database, record }) => {
      const rows = record.database.tables.reduce((sum, table) => sum + table.rows, 0);
      const objects = record.kind === 'main' ? ` and ${record.objects.length} objects` : '';
      return `${service}: database ${database} is replaced by that of ${record.takenAt}: ${rows} rows${objects}`;
    }),
  );
}

function whatIsNext(services: readonly ServiceName[], launcher: number | undefined): string {
  const start = launcher === undefined ? 'npm start' : `kill -USR2 ${launcher}`;
  return [
    `Next: ${start}, and then`,
    ...services.map((service) => `  npx heed resync ${service}`),
    'Until that is done they answer nothing but health (docs/runbooks/restore.md).',
  ].join('\n');
}
