import { canonicalJson, sha256 } from '@heed/kernel';
import { type CertificateFile, type Entry, type RequestStatement } from './certificate-file.js';
import { type ProvedStatement } from './proved-statements.js';
import { refuse } from './refusal.js';

type Action = ProvedStatement['action'];

/** What each right demands of every service, and the answers that may stand in a closed request. */
const DEMANDED: Record<RequestStatement['right'], Action[]> = {
  ERASURE: ['ERASE', 'PROBE'],
  ACCESS: ['ACCESS'],
  RESTRICTION: ['RESTRICT'],
  LIFT: ['LIFT'],
};
const FINAL: Record<Action, ReadonlySet<Entry['outcome']>> = {
  ERASE: new Set(['ERASED', 'ANONYMISED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP']),
  PROBE: new Set(['PROBED_CLEAN', 'RETAINED', 'IN_BACKUP']),
  ACCESS: new Set(['EXPORTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP']),
  RESTRICT: new Set(['RESTRICTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP']),
  LIFT: new Set(['LIFTED', 'NOTHING_HELD', 'RETAINED', 'IN_BACKUP']),
};

/** The answers of one service: one statement an action. */
export type Answers = Map<string, Partial<Record<Action, ProvedStatement>>>;

/** No receipt, no "complete" (I6): every store of every pinned manifest has answered everything that was ordered. */
export function demandComplete(
  request: RequestStatement,
  manifests: CertificateFile['manifests'],
  statements: readonly ProvedStatement[],
): Answers {
  demandPinned(request, manifests);
  demandInformed(request);
  demandReasoned(request, manifests);
  const answers: Answers = new Map();
  for (const statement of statements) {
    demandOfRequest(statement, request);
    const given = answers.get(statement.service) ?? {};
    if (given[statement.action]) {
      throw refuse('STATEMENT_OF_ANOTHER', `${statement.service} answers ${statement.action} twice`);
    }
    answers.set(statement.service, { ...given, [statement.action]: statement });
  }
  for (const [service, manifest] of Object.entries(manifests)) {
    for (const action of DEMANDED[request.right]) {
      const statement = answers.get(service)?.[action];
      const missing = exceptionOf(request, service, action);
      if (missing?.why === 'open') {
        if (statement)
          throw refuse('STATEMENT_OF_ANOTHER', `${service} has answered what is said to be missing`);
        continue;
      }
      if (!statement) throw refuse('ANSWER_MISSING', `${service} has not answered ${action}`);
      demandEveryStore(statement, storesOf(service, manifest), missing?.why === 'found');
    }
    demandProbedAfterwards(service, answers);
  }
  return answers;
}

export function exceptionOf(
  { exceptions = [] }: RequestStatement,
  service: string,
  action: Action,
): NonNullable<RequestStatement['exceptions']>[number] | undefined {
  return exceptions.find((missing) => missing.service === service && missing.action === action);
}

/** Something missing is excused by a reason alone, once for each service and action, and for what was demanded. */
function demandReasoned(
  { right, exceptions = [], reason }: RequestStatement,
  manifests: CertificateFile['manifests'],
): void {
  const wrong = exceptions.some(
    ({ action, service }, at) =>
      !DEMANDED[right].includes(action) ||
      !Object.hasOwn(manifests, service) ||
      exceptions.findIndex((other) => other.action === action && other.service === service) !== at,
  );
  if (wrong || exceptions.length > 0 !== Boolean(reason))
    throw refuse('ANSWER_MISSING', 'exceptions are without a reason, or about what was not demanded');
}

/** LAW: GDPR Art. 18(3): before a restriction is lifted. */
function demandInformed({ right, informed }: RequestStatement): void {
  if ((right === 'LIFT') === (informed !== undefined)) return;
  throw refuse(
    'ANSWER_MISSING',
    'a restriction was lifted without a word to the person, or another right has one',
  );
}

function demandPinned(request: RequestStatement, manifests: CertificateFile['manifests']): void {
  const services = Object.keys(request.manifests).sort();
  if (services.length === 0 || services.join() !== Object.keys(manifests).sort().join()) {
    throw refuse('MANIFEST_NOT_PINNED', 'the manifests are not those of the services that had to answer');
  }
  for (const [service, manifest] of Object.entries(manifests)) {
    const digest = sha256(Buffer.from(canonicalJson(manifest))).toString('hex');
    if (digest !== request.manifests[service] || manifest['service'] !== service) {
      throw refuse('MANIFEST_NOT_PINNED', `the manifest of ${service} is not the one that was pinned`);
    }
  }
}

function demandOfRequest(statement: ProvedStatement, request: RequestStatement): void {
  const { service, action } = statement;
  const same =
    statement.tenant === request.tenant &&
    statement.request === request.request &&
    statement.subject === request.subject &&
    statement.order === request.orders[action] &&
    statement.manifest === request.manifests[service] &&
    DEMANDED[request.right].includes(action);
  if (!same)
    throw refuse('STATEMENT_OF_ANOTHER', `what ${service} says of ${action} is not about this request`);
}

/** Tables of the frame hold ids only and tables of a tenant hold nobody: all others answer (docs/certificate.md). */
export function storesOf(service: string, manifest: CertificateFile['manifests'][string]): string[] {
  return manifest.stores
    .filter((store) => store.kind !== 'table' || store['of'] === 'subject')
    .map((store) => `${service}.${store.name}`)
    .sort();
}

function demandEveryStore(statement: ProvedStatement, stores: readonly string[], hasFound: boolean): void {
  const { service, action, entries } = statement;
  const answered = entries.map((entry) => entry.store);
  const missing = stores.find((store) => !answered.includes(store));
  if (missing) throw refuse('ANSWER_MISSING', `${missing} has not answered ${action}`);
  if (answered.join() !== stores.join()) {
    throw refuse('STATEMENT_OF_ANOTHER', `${service} answers ${action} for stores that it does not declare`);
  }
  const isFound = (entry: Entry): boolean => action === 'PROBE' && entry.outcome === 'PROBED_FOUND';
  if (hasFound !== entries.some(isFound))
    throw refuse('ANSWER_MISSING', `${service}: what is said of its probe is not what the probe says`);
  const open = entries.find((entry) => !FINAL[action].has(entry.outcome) && !isFound(entry));
  if (open) throw refuse('ANSWER_MISSING', `${open.store} answers ${action} with ${open.outcome}`);
}

/** A probe that was signed before the erasure, or ordered before it, says nothing about it. */
function demandProbedAfterwards(service: string, answers: Answers): void {
  const { ERASE: erased, PROBE: probed } = answers.get(service) ?? {};
  if (!erased || !probed) return;
  if (probed.leaf <= erased.leaf || probed.order_number <= erased.order_number || probed.at < erased.at) {
    throw refuse('ANSWER_MISSING', `${service} was not probed after it had erased`);
  }
}
