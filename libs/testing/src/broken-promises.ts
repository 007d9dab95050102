import { checkInstallation } from '@heed/checker';
import { type TestDatabase } from './database.js';

/**
 * What `heed check` finds broken in these databases, as sentences: its SQL shares nothing with the code under test.
 * Promises that concern a service which is not among them are not looked at.
 */
export function brokenPromises(...databases: readonly TestDatabase[]): Promise<string[]> {
  return brokenPromisesOf(undefined, ...databases);
}

/** The same, of some invariants alone: for a database that has the frame of a service and not its tables. */
export async function brokenPromisesOf(
  invariants: readonly string[] | undefined,
  ...databases: readonly TestDatabase[]
): Promise<string[]> {
  const urls = Object.fromEntries(databases.map((database) => [database.service, database.urlOf('probe')]));
  const findings = await checkInstallation(urls, invariants);
  return findings
    .filter(({ count }) => count > 0)
    .map(
      ({ invariant, service, says, count, ids }) =>
        `${invariant} ${service}: ${says}: ${count} (${ids.join(' ')})`,
    );
}
