import pg from 'pg';
import { type ServiceName } from '@heed/contracts';
import { fencedTables, liveRowsBehindFence } from './fence.js';
import { type Finding } from './finding.js';
import { proofFindings } from './proofs.js';
import { isCross, type CrossRule, type Rule } from './rule.js';
import { RULES } from './rules/every-rule.js';

/** URLs of the six databases, for a role that sees every tenant and writes nothing (`<service>_probe`). */
export type Databases = Record<ServiceName, string>;

/** For specs about some of the services: what concerns another one is not looked for. */
export type SomeDatabases = Partial<Databases>;

/** Ids shown of one broken promise. */
const SHOWN = 10;

/** Rows handed from one database to the next at once. */
const CROSS_BATCH = 10_000;

/**
 * States the invariants against the databases themselves. It shares no code with the services: what it reads are their
 * tables, and what it knows are the promises.
 */
export async function checkInstallation(
  databases: SomeDatabases,
  only?: readonly string[],
): Promise<Finding[]> {
  const clients = new Map<ServiceName, pg.Client>();
  try {
    for (const [service, url] of Object.entries(databases) as [ServiceName, string][]) {
      const client = new pg.Client({ connectionString: url, application_name: 'heed check' });
      await client.connect();
      clients.set(service, client);
    }
    const wanted = (rule: Rule | CrossRule): boolean =>
      (!only || only.includes(rule.invariant)) &&
      clients.has(rule.service) &&
      (!isCross(rule) || clients.has(rule.collect.service));
    const findings: Finding[] = [];
    for (const rule of RULES.filter(wanted)) findings.push(await findingOf(rule, clients));
    for (const [service, client] of clients) {
      for (const table of await fencedTables(client)) {
        const rule = liveRowsBehindFence(service, table);
        if (wanted(rule)) findings.push(await findingOf(rule, clients));
      }
    }
    if (!only || only.includes('I1')) findings.push(...(await proofFindings(clients)));
    return findings;
  } finally {
    await Promise.all([...clients.values()].map((client) => client.end()));
  }
}

async function findingOf(rule: Rule | CrossRule, clients: Map<ServiceName, pg.Client>): Promise<Finding> {
  const client = clients.get(rule.service)!;
  const { invariant, service, says } = rule;
  const ids: string[] = [];
  let count = 0;
  for await (const parameters of isCross(rule) ? batches(rule, clients) : [[]]) {
    const { rows } = await client.query<Record<string, unknown>>(rule.sql, parameters);
    count += rows.length;
    ids.push(...rows.slice(0, SHOWN - ids.length).map((row) => String(Object.values(row)[0])));
  }
  return { invariant, service, says, count, ids };
}

/** What the first database says, a batch at a time, as parameters of the second's statement. */
async function* batches(rule: CrossRule, clients: Map<ServiceName, pg.Client>): AsyncGenerator<[string]> {
  const client = clients.get(rule.collect.service)!;
  // A cursor needs a transaction, which also gives every batch the same snapshot.
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await client.query(`declare collected no scroll cursor for ${rule.collect.sql}`);
    for (;;) {
      const { rows } = await client.query(`fetch ${CROSS_BATCH} from collected`);
      if (rows.length === 0) return;
      yield [JSON.stringify(rows)];
    }
  } finally {
    await client.query('rollback');
  }
}
