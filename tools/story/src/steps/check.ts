import { checkInstallation, type Databases } from '@heed/checker';
import { type RunFile } from '@heed/launcher';
import { type Stage } from '../stage.js';

/** The end of every story: the promises, looked for in the databases by SQL that must find nothing. */
export async function promisesBroken({ cluster, expect }: Stage): Promise<number> {
  const findings = await checkInstallation(probes(cluster.run));
  for (const { invariant, service, says, count, ids } of findings) {
    expect.that(count === 0, `heed check ${invariant} ${service}: ${says}: ${count} (${ids.join(' ')})`);
  }
  return findings.length;
}

function probes({ services }: RunFile): Databases {
  return Object.fromEntries(
    Object.entries(services).map(([name, { database }]) => [name, database.probe]),
  ) as Databases;
}
