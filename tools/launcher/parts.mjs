// `npm run parts`: keeps PostgreSQL, Kafka and NATS running for specs while one works on the code.
import { fileURLToPath } from 'node:url';
import { buildLauncher, install, underNode24 } from './entry.mjs';

install();
await underNode24(fileURLToPath(import.meta.url), process.argv.slice(2));
buildLauncher();
await import('./dist/parts-main.js');
