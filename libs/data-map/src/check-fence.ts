import { nameOf, type Finding } from './finding.js';
import { type LiveRelation } from './live-catalogue.js';
import { personalColumnsOf, type SubjectTable } from './manifest.js';

const SUBJECT = 'heed.subject';

/** What a table about people must have for "erased stays erased" to hold by construction (I5). */
export function subjectTableFindings(relation: LiveRelation, table: SubjectTable): Finding[] {
  const name = nameOf(relation);
  const findings: Finding[] = [];
  const found = (code: string, where: string, message: string): void => {
    findings.push({ code, where, message });
  };
  const retainable = relation.columns.some((column) => column.name === 'retained_under');
  // A staging table lives for days and is emptied by its import; COPY at its speed would not go through a fence.
  const staging = relation.owner.endsWith('_import');

  for (const subject of [table.subject, ...(table.also ? [table.also] : [])]) {
    const where = `${name}.${subject}`;
    if (!staging) findings.push(...noFence(relation, subject));
    if (retainable && !refers(relation, [subject], ['subject_id'])) {
      found('NO_KNOWN_SUBJECT', where, 'a retained row could name a subject that nobody knows');
    }
    if (!staging && !indexed(relation, subject)) {
      found(
        'NO_SUBJECT_INDEX',
        where,
        'has no index on (tenant_id, subject): each erasure reads the whole table',
      );
    }
  }
  if (retainable && !relation.policies.some((p) => p.name === 'retained_hidden' && !p.permissive)) {
    found('RETAINED_VISIBLE', name, 'retained rows are not hidden from the service');
  }
  if (typeof table.onErasure === 'object' && !retainable) {
    found('NOT_RETAINABLE', name, 'is declared as retained and has no column retained_under');
  }
  findings.push(...checkFindings(relation, table));
  return findings;
}

/** A person's column must be held by the fence, in a table of the frame too. */
export function noFence(relation: LiveRelation, subject: string): Finding[] {
  if (refers(relation, [subject, 'subject_live'], ['subject_id', 'live'])) return [];
  return [
    {
      code: 'NO_FENCE',
      where: `${nameOf(relation)}.${subject}`,
      message: 'is not held by the foreign key of three that the fence consists of',
    },
  ];
}

/** A row without a subject can take nothing personal again. Only where it can come to be without one. */
function checkFindings(relation: LiveRelation, table: SubjectTable): Finding[] {
  const subject = relation.columns.find((column) => column.name === table.subject);
  if (!subject || subject.notNull) return [];
  const check = relation.checks.find(
    ({ enforced, columns, definition }) =>
      enforced && columns.includes(table.subject) && definition.includes(`${table.subject} IS NOT NULL`),
  );
  return personalColumnsOf(table)
    .filter((column) => !check?.columns.includes(column))
    .map((column) => ({
      code: 'NO_ANONYMOUS_CHECK',
      where: `${nameOf(relation)}.${column}`,
      message: 'an anonymised row could take personal data again: call heed.personal(...) for it',
    }));
}

/** Faults of keys and triggers that hold a fence, in any table. */
export function fenceFindings(relation: LiveRelation): Finding[] {
  const name = nameOf(relation);
  const findings: Finding[] = [];
  for (const key of relation.foreignKeys.filter(({ references }) => references === SUBJECT)) {
    if (key.deferrable) {
      findings.push({
        code: 'FENCE_DEFERRABLE',
        where: `${name} ${key.name}`,
        message: 'would refuse at COMMIT, outside the handler',
      });
    }
    if (!key.enforced) {
      findings.push({
        code: 'FENCE_OFF',
        where: `${name} ${key.name}`,
        message: 'is not validated, not enforced, or its triggers are switched off',
      });
    }
  }
  if (name === SUBJECT && relation.disabledTriggers.length > 0) {
    findings.push({
      code: 'FENCE_OFF',
      where: `${name} ${relation.disabledTriggers.join(', ')}`,
      message: 'the triggers that keep the dead dead are switched off',
    });
  }
  return findings;
}

function refers(relation: LiveRelation, columns: string[], referenced: string[]): boolean {
  return relation.foreignKeys.some(
    (key) =>
      key.references === SUBJECT &&
      key.columns.join() === ['tenant_id', ...columns].join() &&
      key.referencedColumns.join() === ['tenant_id', ...referenced].join(),
  );
}

function indexed(relation: LiveRelation, subject: string): boolean {
  return relation.indexes.some(
    (index) =>
      index.valid && !index.partial && index.columns[0] === 'tenant_id' && index.columns[1] === subject,
  );
}
