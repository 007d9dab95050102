// npm run backup: see `npm run backup -- --help`. Built-ins of Node 20 only, until it is built.
import { fileURLToPath } from 'node:url';
import { build, fail, install, underNode24 } from './entry.mjs';

const help = `npm run backup -- [options]

Copies what the six services hold, while they serve or stand still: each database in one snapshot, and objects.

  --to DIR       where the backup's folder is made (.heed/backups)
  --keys-to DIR  where the databases of keys go, never beside what they open (DIR-keys); removed there after 7 days
  --data DIR     the installation (.heed)
  --physical     the files of the whole server instead, keys included, and objects; --to then is .heed/physical-backups.
                 Every service must have declared it: HEED_COPIES=physical:keys-backup:7. It is of use for so many days
  --declared-as NAME  where HEED_COPIES gives it another name than physical
  --help         this text

In neither: .heed/keys, which unwraps keys and signs. Keep a copy of that folder somewhere else again.
npm run restore    puts it back
`;

const argv = process.argv.slice(2);
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(help);
  process.exit(0);
}
install();
await underNode24(fileURLToPath(import.meta.url), argv);
if (!build()) fail('the build failed: see above');
const { backupMain } = await import('./dist/backup-main.js');
try {
  process.exit(await backupMain(argv));
} catch (error) {
  fail(error.message);
}
