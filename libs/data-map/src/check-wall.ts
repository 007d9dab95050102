import { nameOf, type Finding } from './finding.js';
import { type LivePolicy, type LiveRelation } from './live-catalogue.js';
import { type TableEntry } from './manifest.js';

const WALL = /^\(tenant_id = \(NULLIF\(current_setting\('heed\.tenant'::text, true\), ''::text\)\)::uuid\)$/;

/** The tenant wall of one table or partition (I8). */
export function wallFindings(relation: LiveRelation, table: TableEntry): Finding[] {
  const name = nameOf(relation);
  const findings: Finding[] = [];
  const found = (code: string, message: string, part?: string): void => {
    findings.push({ code, where: part ? `${name} ${part}` : name, message });
  };
  if (relation.partitionOf && relation.grantees.length > 0) {
    found('PARTITION_GRANTED', `can be read by its own name by ${relation.grantees.join(', ')}`);
  }
  if (relation.grantees.includes('public') && relation.schema !== 'heed') {
    found('TABLE_GRANTED_TO_ALL', 'is granted to PUBLIC');
  }
  if (table.of === 'infrastructure' && table.tenants === 'open') return findings;

  if (!relation.rowSecurity) found('NO_ROW_SECURITY', 'row-level security is off');
  // A staging table belongs to the role for imports, whom COPY requires to stand outside; all others are bound.
  else if (!relation.forced && !relation.owner.endsWith('_import')) {
    found('ROW_SECURITY_NOT_FORCED', 'its owner passes row-level security');
  }
  const wall = relation.policies.find((policy) => policy.name === 'tenant_wall');
  if (!wall) found('NO_POLICY', 'has no policy tenant_wall');
  else if (!isWall(wall)) found('POLICY_ALTERED', 'is not the wall that the frame puts up', wall.name);
  const meant = new Set(['tenant_wall', ...(table.of === 'infrastructure' ? table.policies : [])]);
  for (const policy of relation.policies) {
    // Permissive policies are joined by OR: one more of them is a door in the wall.
    if (policy.permissive && !meant.has(policy.name)) found('UNKNOWN_POLICY', 'opens the wall', policy.name);
  }
  for (const index of relation.indexes) {
    if (index.unique && index.columns[0] !== 'tenant_id') {
      found('KEY_WITHOUT_TENANT', 'tells one tenant what another holds', index.name);
    }
  }
  for (const key of relation.foreignKeys) {
    // The check of a foreign key runs past all policies: only the tenant in the key keeps it inside.
    const at = key.columns.indexOf('tenant_id');
    if (at < 0 || key.referencedColumns[at] !== 'tenant_id') {
      found('FOREIGN_KEY_WITHOUT_TENANT', `reaches rows of other tenants in ${key.references}`, key.name);
    }
  }
  return findings;
}

function isWall(policy: LivePolicy): boolean {
  return (
    policy.permissive &&
    policy.command === '*' &&
    policy.roles.length === 1 &&
    policy.roles[0] === 'public' &&
    WALL.test(policy.using ?? '') &&
    WALL.test(policy.check ?? '')
  );
}
