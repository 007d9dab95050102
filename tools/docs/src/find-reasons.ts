import { type ErrorKind } from '@heed/kernel';
import ts from 'typescript';
import { sourcesUnder } from './place.js';
import { constantsIn, nodesOf, parse, propertyOf, textsOf } from './syntax.js';

export interface Reason {
  reason: string;
  kind: ErrorKind;
  /** Where it is thrown: `libs/rpc`. */
  where: string;
}

const REASON = /^[A-Z][A-Z0-9_]+$/;

/** Other kinds are of other things: why an event was parked, say. */
const KINDS: Record<ErrorKind, true> = {
  'invalid-argument': true,
  'not-found': true,
  'already-exists': true,
  'failed-precondition': true,
  'permission-denied': true,
  unauthenticated: true,
  'resource-exhausted': true,
  aborted: true,
  unavailable: true,
  'deadline-exceeded': true,
  unimplemented: true,
  internal: true,
};

/** Every reason that the sources of a package throw with: `new DomainError(...)`, or a function that is one. */
export function findReasons(where: string): Reason[] {
  const files = sourcesUnder(`${where}/src`).map(parse);
  const constants = constantsIn(files);
  const throwing = functionsThatThrow(files, constants);
  const found: Reason[] = [];
  for (const file of files) {
    for (const { expression, arguments: given = [] } of nodesOf(file, ts.isNewExpression)) {
      if (expression.getText() !== 'DomainError') continue;
      const [kind] = textsOf(given[1], constants);
      for (const reason of textsOf(given[0], constants))
        found.push({ reason, kind: kind as ErrorKind, where });
    }
    for (const { expression, arguments: given } of nodesOf(file, ts.isCallExpression)) {
      const kind = throwing.get(expression.getText());
      if (kind) for (const reason of textsOf(given[0], constants)) found.push({ reason, kind, where });
    }
    // Tables of reasons, as libs/postgres has them for SQLSTATEs.
    for (const object of nodesOf(file, ts.isObjectLiteralExpression)) {
      const [kind] = textsOf(propertyOf(object, 'kind'), constants);
      const [reason] = textsOf(propertyOf(object, 'reason'), constants);
      if (reason && kind) found.push({ reason, kind: kind as ErrorKind, where });
    }
  }
  return found.filter(({ reason, kind }) => REASON.test(reason) && kind in KINDS);
}

/** `function refused(reason, ...)` that makes the error of its first parameter, with the kind that it gives it. */
function functionsThatThrow(
  files: ts.SourceFile[],
  constants: ReadonlyMap<string, string>,
): Map<string, ErrorKind> {
  const found = new Map<string, ErrorKind>();
  for (const { name, parameters, body } of files.flatMap((file) => nodesOf(file, ts.isFunctionDeclaration))) {
    const first = parameters[0]?.name.getText();
    if (!name || !body || !first) continue;
    for (const made of nodesOf(body, ts.isNewExpression)) {
      if (made.expression.getText() !== 'DomainError' || made.arguments?.[0]?.getText() !== first) continue;
      const [kind] = textsOf(made.arguments[1], constants);
      if (kind) found.set(name.text, kind as ErrorKind);
    }
  }
  return found;
}
