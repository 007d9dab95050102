// npm run restore: see `npm run restore -- --help`. Built-ins of Node 20 only, until it is built.
import { fileURLToPath } from 'node:url';
import { build, fail, install, underNode24 } from './entry.mjs';

const help = `npm run restore -- SERVICE|all --from DIR [options]
npm run restore -- --physical DIR [options]

Puts a service back to what a backup holds. It must not run. Everything is looked through first: a backup that is damaged,
of another installation or of a newer version is refused, and so is one that is older than what the topics still hold, or
whose topics were made anew; nothing is touched then. What it will do is said and asked.

  --from DIR       a folder that npm run backup has made
  --keys-from DIR  the folder of its keys: only where the database of keys was lost too
  --physical DIR   a folder that npm run backup -- --physical has made: the whole server goes back, all six services and
                   their keys. Nothing may run; what is there now is put aside
  --although-too-old  take it even where a topic no longer holds what was told since
  --yes            do not ask
  --data DIR       the installation (.heed)
  --help           this text

Afterwards the service answers nothing but health, until \`npx heed resync SERVICE\` has brought it to where the others
are (docs/runbooks/restore.md). It may be killed at any time and run again.
`;

const argv = process.argv.slice(2);
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(help);
  process.exit(0);
}
install();
await underNode24(fileURLToPath(import.meta.url), argv);
if (!build()) fail('the build failed: see above');
const { restoreMain } = await import('./dist/restore-main.js');
try {
  process.exit(await restoreMain(argv));
} catch (error) {
  fail(error.message);
}
