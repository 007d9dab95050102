// npm test: everything; npm run test:quick: what needs no infrastructure. Built-ins of Node 20 only up to the install.
//   node test.mjs [--quick] [-- arguments for Jest, such as a path]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, root, underNode24 } from './tools/launcher/entry.mjs';

const argv = process.argv.slice(2);
install();
await underNode24(fileURLToPath(import.meta.url), argv);
process.chdir(root);

const { allSpecs, build, quickChecks, quickSpecs, schemas, staticChecks } =
  await import('./tools/launcher/check-steps.mjs');
const { check, checkAll, count, specs, stopChildren } = await import('./tools/launcher/run-checks.mjs');
const quick = argv.includes('--quick');
const paths = argv.filter((argument) => argument !== '--quick' && argument !== '--');

let stopParts = async () => {};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopChildren();
    void stopParts().finally(() => process.exit(1));
  });
}

const begun = performance.now();
try {
  if (quick) {
    await checkAll([
      { work: () => specs('quick specs', quickSpecs(paths), { quiet: true }) },
      ...quickChecks(),
    ]);
  } else {
    await checkAll(staticChecks);
    // Specs run from source, but some start the built services and tools as processes.
    const built = await check(build);
    if (built) {
      await check(schemas);
      await everySpec();
    }
  }
} finally {
  await stopParts();
}
console.log(`  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
const { passed, failed, skipped, failures } = count;
for (const failure of failures) console.log(`  failed: ${failure}`);
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);

/** PostgreSQL, Kafka and NATS are started once for all spec files. */
async function everySpec() {
  const { startTestParts } = await import('./tools/launcher/dist/test-parts.js');
  const folder = join(root, '.heed', `test-run-${process.pid}`);
  const say = (line) => console.log(`    ${line}`);
  const { parts, started, stop } = await startTestParts({ folder, want: ['postgres', 'kafka', 'nats'], say });
  stopParts = async () => {
    stopParts = async () => {};
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const [name, part] of Object.entries(started)) say(`${name}: ${part.note}`);
  await specs('specs', allSpecs(paths), { env: { HEED_TEST_PARTS: JSON.stringify(parts) } });
}
