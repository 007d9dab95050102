import { randomBytes } from 'node:crypto';
import { canonicalJson, DomainError, leafHash } from '@heed/kernel';
import { isActionName, isOutcome, type ActionName, type StoreAnswer } from './answer.js';

const FORMAT = 'heed statement v1';
export const SALT_BYTES = 32;

/** What a service says about one order. Names the subject by id, so only its own request ever shows it. */
export interface Statement {
  tenantId: string;
  requestId: string;
  orderId: string;
  orderNumber: number;
  action: ActionName;
  subjectId: string;
  service: string;
  /** Version of the manifest that the service worked by. */
  manifest: string;
  /** One answer for each store of the manifest that answers. */
  entries: StoreAnswer[];
  at: Date;
}

/** Canonical JSON (RFC 8785): the very bytes that a receipt commits to. Described in docs/certificate.md. */
export function statementBytes(statement: Statement): Buffer {
  return Buffer.from(
    canonicalJson({
      action: statement.action,
      at: statement.at.toISOString(),
      entries: [...statement.entries].sort((a, b) => (a.store < b.store ? -1 : 1)),
      format: FORMAT,
      manifest: statement.manifest,
      order: statement.orderId,
      order_number: statement.orderNumber,
      request: statement.requestId,
      service: statement.service,
      subject: statement.subjectId,
      tenant: statement.tenantId,
    }),
  );
}

/** What the bytes say; refused (STATEMENT_MALFORMED) where they are not what `statementBytes` would have written. */
export function readStatement(bytes: Uint8Array): Statement {
  let statement: Statement | undefined;
  try {
    statement = fromJson(JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>);
  } catch {
    statement = undefined;
  }
  // Written anew and compared: whatever is unknown, missing, of another type or in another form makes a difference.
  if (statement === undefined || !isWritten(statement) || !statementBytes(statement).equals(bytes)) {
    throw new DomainError('STATEMENT_MALFORMED', 'invalid-argument', {
      message: 'the statement is not of the one form that a service writes',
    });
  }
  return statement;
}

export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/** The salt keeps one person's certificate from telling another's: without it a guess could be compared. */
export function commitment(salt: Uint8Array, statement: Uint8Array): Buffer {
  return leafHash(Buffer.concat([salt, statement]));
}

function fromJson(json: Record<string, unknown>): Statement {
  return {
    tenantId: String(json['tenant']),
    requestId: String(json['request']),
    orderId: String(json['order']),
    orderNumber: Number(json['order_number']),
    action: String(json['action']) as ActionName,
    subjectId: String(json['subject']),
    service: String(json['service']),
    manifest: String(json['manifest']),
    entries: json['entries'] as StoreAnswer[],
    at: new Date(String(json['at'])),
  };
}

function isWritten({ action, entries, orderNumber }: Statement): boolean {
  return (
    isActionName(action) &&
    Number.isSafeInteger(orderNumber) &&
    Array.isArray(entries) &&
    entries.every(isAnswer)
  );
}

function isAnswer(value: unknown): value is StoreAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { store, outcome, count, detail, until, digest, ...unknown } = value as StoreAnswer;
  return (
    Object.keys(unknown).length === 0 &&
    [store, detail, until, digest].every((text) => typeof text === 'string') &&
    isOutcome(outcome) &&
    Number.isSafeInteger(count) &&
    count >= 0
  );
}
