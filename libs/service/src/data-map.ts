import { type Copy, type Processor } from '@heed/config';
import { checkCatalogue, type Finding, type Manifest, manifestOf } from '@heed/data-map';
import { DomainError } from '@heed/kernel';
import { type Database, entityShapes } from '@heed/postgres';
import { copyStores } from './copies.js';
import { processorStores } from './processors.js';
import { type ServiceDefinition } from './definition.js';
import { entitiesOf, infrastructureOf, infrastructureOfKeysDatabase, storesOf } from './sources.js';

/** Everything that a service holds, and what copies and processors whoever runs it declares. Needs no server. */
export async function manifestOfService(
  definition: ServiceDefinition,
  copies: readonly Copy[] = [],
  processors: readonly Processor[] = [],
): Promise<Manifest> {
  return manifestOf({
    service: definition.name,
    entities: await entityShapes(entitiesOf(definition)),
    stores: [...storesOf(definition), ...copyStores(copies), ...processorStores(definition.name, processors)],
    infrastructure: infrastructureOf(definition),
  });
}

/**
 * I4: compares what is declared with what is there, in both databases. A table, a column or a view that nobody declared
 * keeps the service from starting: an erasure would not know of it.
 */
export async function demandDeclared(manifest: Manifest, main: Database, keys: Database): Promise<void> {
  demandNone(await catalogueFindings(manifest, main, keys));
}

/** What of both databases is not as declared. */
export async function catalogueFindings(
  manifest: Manifest,
  main: Database,
  keys: Database,
): Promise<Finding[]> {
  const ofKeys = manifestOf({
    service: manifest.service,
    entities: [],
    infrastructure: infrastructureOfKeysDatabase,
  });
  const findings = await Promise.all([
    checkCatalogue(main.pool('probe'), manifest),
    checkCatalogue(keys.pool('probe'), ofKeys),
  ]);
  return findings.flat();
}

function demandNone(findings: Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(({ code, where, message }) => `  ${code} ${where} ${message}`);
  throw new DomainError('DATA_MAP_DIFFERS', 'failed-precondition', {
    message: `the database is not what the data map says:\n${lines.join('\n')}`,
    metadata: { findings: String(findings.length) },
  });
}
