// `npm run parts`: keeps PostgreSQL, Kafka and NATS running for specs while one works on the code.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Half-written code elsewhere may not compile; the parts need only their own files, which are emitted anyway.
spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-b', 'tools/launcher'], { cwd: root });
process.chdir(root);
await import('./dist/parts-main.js');
