// `npm run parts`: keeps PostgreSQL, Kafka and NATS running for specs while one works on the code.
import { fileURLToPath } from 'node:url';
import { build, install, underNode24 } from './entry.mjs';

install();
await underNode24(fileURLToPath(import.meta.url), process.argv.slice(2));
// Half-written code elsewhere may not compile; the parts need only their own files, which are emitted anyway.
build('tools/launcher');
await import('./dist/parts-main.js');
