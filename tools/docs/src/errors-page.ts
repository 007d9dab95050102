import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { status } from '@grpc/grpc-js';
import { SERVICES } from '@heed/contracts';
import { problemOf } from '@heed/http';
import { DomainError, type ErrorKind } from '@heed/kernel';
import { toStatus } from '@heed/rpc';
import { findReasons, type Reason } from './find-reasons.js';
import { code, table, wordsIn } from './marked.js';
import { root } from './place.js';

type Errors = Record<string, readonly [ErrorKind, string]>;

const HEADS = ['reason', 'gRPC', 'HTTP', 'what it means, what to do'];

/** Reasons of the services, from their errors.ts: each carries its own sentence. */
export async function serviceErrorsPart(): Promise<string> {
  const parts = await Promise.all(
    [...SERVICES].map(async (service) => {
      const file = pathToFileURL(join(root, 'services', service, 'src', 'errors.ts'));
      const { ERRORS } = (await import(file.href)) as { ERRORS: Errors };
      const rows = Object.entries(ERRORS).map(([reason, [kind, message]]) => [
        ...codesOf(reason, kind),
        message,
      ]);
      return `### ${service}\n\n${table(HEADS, rows)}`;
    }),
  );
  return parts.join('\n\n');
}

/**
 * Reasons that stand where they are thrown: in the libs and, a few, in the services. What to do about one is said on
 * the page by hand, and the page is not whole without.
 */
export function otherErrorsPart(page: string): string {
  const words = wordsIn(page, 'other errors', 4);
  const rows = byReason(thrown().filter(({ kind }) => kind !== 'internal')).map(({ reason, kind, where }) => [
    ...codesOf(reason, kind),
    where,
    words.get(code(reason)) ?? '',
  ]);
  return table([...HEADS.slice(0, 3), 'from', HEADS[3]!], rows);
}

/** Faults of the program: whoever called learns only that there is one. */
export function faultsPart(): string {
  const faults = byReason(thrown().filter(({ kind }) => kind === 'internal'));
  return table(
    ['reason in the log', 'from'],
    faults.map(({ reason, where }) => [code(reason), where]),
  );
}

function thrown(): Reason[] {
  const libs = readdirSync(join(root, 'libs')).filter((lib) => lib !== 'testing');
  return [...libs.map((lib) => `libs/${lib}`), ...SERVICES.map((service) => `services/${service}`)].flatMap(
    findReasons,
  );
}

/** One row a reason and kind; where it is thrown in several places, all of them. */
function byReason(reasons: readonly Reason[]): Reason[] {
  const found = new Map<string, Reason>();
  for (const reason of reasons) {
    const key = `${reason.reason} ${reason.kind}`;
    const known = found.get(key);
    const where = known ? [...new Set([...known.where.split(', '), reason.where])].join(', ') : reason.where;
    found.set(key, { ...reason, where });
  }
  return [...found.values()].sort((a, b) => (a.reason < b.reason ? -1 : 1));
}

function codesOf(reason: string, kind: ErrorKind): string[] {
  const error = new DomainError(reason, kind);
  return [
    code(reason),
    status[toStatus(error, undefined).code] ?? '',
    String(problemOf(error, undefined).status),
  ];
}
