/**
 * What may be said in a log line, a span or a metric: these names, each with one kind of value. The list is closed
 * because a log is a copy of whatever is put into it, and a copy that no erasure reaches. To add a name is a change
 * that a reviewer sees; a free text has no kind here on purpose.
 */
const FIELD_KINDS = {
  // which thing
  tenantId: 'uuid',
  actorId: 'name',
  contactId: 'uuid',
  subjectId: 'uuid',
  endpointId: 'uuid',
  memberId: 'uuid',
  campaignId: 'uuid',
  listId: 'uuid',
  importId: 'uuid',
  intentId: 'uuid',
  attemptId: 'uuid',
  messageId: 'uuid',
  callId: 'uuid',
  permitId: 'uuid',
  orderId: 'uuid',
  receiptId: 'uuid',
  eventId: 'uuid',
  requestId: 'uuid',
  keyId: 'hash',
  traceId: 'hash',
  spanId: 'hash',
  manifest: 'hash',
  // which part of the system
  service: 'name',
  callee: 'name',
  caller: 'name',
  component: 'name',
  role: 'name',
  kind: 'name',
  state: 'name',
  outcome: 'name',
  method: 'name',
  route: 'name',
  consumer: 'name',
  group: 'name',
  topic: 'name',
  eventType: 'name',
  subject: 'name',
  store: 'name',
  table: 'name',
  constraint: 'name',
  queue: 'name',
  channel: 'name',
  purpose: 'name',
  bus: 'name',
  signal: 'name',
  environment: 'name',
  setting: 'name',
  // codes
  reason: 'code',
  status: 'code',
  sqlstate: 'code',
  // numbers
  partition: 'number',
  offset: 'number',
  sequence: 'number',
  generation: 'number',
  count: 'number',
  rows: 'number',
  bytes: 'number',
  size: 'number',
  index: 'number',
  attempt: 'number',
  tries: 'number',
  accepted: 'number',
  rejected: 'number',
  dropped: 'number',
  lag: 'number',
  ms: 'number',
  lateMs: 'number',
  httpStatus: 'number',
  pid: 'number',
  port: 'number',
  exitCode: 'number',
  // the rest
  grpc: 'address',
  http: 'address',
  ok: 'flag',
  replayed: 'flag',
  durable: 'flag',
} as const satisfies Record<string, FieldKind>;

type FieldKind = 'uuid' | 'hash' | 'name' | 'code' | 'number' | 'address' | 'flag';
type FieldName = keyof typeof FIELD_KINDS;
interface ValueOf {
  uuid: string;
  hash: string;
  name: string;
  code: string | number;
  number: number | bigint;
  address: string;
  flag: boolean;
}

/** The fields that a caller may give. */
export type AllowedFields = { [Name in FieldName]?: ValueOf[(typeof FIELD_KINDS)[Name]] | undefined };
export type AllowedValue = string | number | boolean;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{16,64}$/;
// Names of parts: no '@', no blank, and never digits alone, so that neither an address nor a number passes.
const NAME = /^[/A-Za-z][A-Za-z0-9_.:/{}*-]{0,159}$/;
const CODE = /^[A-Z][A-Z0-9_]{0,63}$|^[0-9A-Z]{5}$/;
const ADDRESS = /^[a-z0-9.[\]-]+:\d{1,5}$/;
export const WITHHELD = '[withheld]';

/**
 * The fields as they may be written. A value that is not of its field's kind is withheld, a name that is not on the
 * list is left out: types keep both from happening, this keeps a cast or a foreign library from undoing that.
 */
export function reduceFields(fields: object): Record<string, AllowedValue> {
  const reduced: Record<string, AllowedValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || !Object.hasOwn(FIELD_KINDS, name)) continue;
    reduced[name] = reduceValue(FIELD_KINDS[name as FieldName], value);
  }
  return reduced;
}

export function isAllowedField(name: string): boolean {
  return Object.hasOwn(FIELD_KINDS, name);
}

function reduceValue(kind: FieldKind, value: unknown): AllowedValue {
  switch (kind) {
    case 'number':
      return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : WITHHELD;
    case 'flag':
      return typeof value === 'boolean' ? value : WITHHELD;
    case 'code':
      return typeof value === 'number' ? value : matching(CODE, value);
    case 'uuid':
      return matching(UUID, value);
    case 'hash':
      return matching(HASH, value);
    case 'address':
      return matching(ADDRESS, value);
    case 'name':
      // A member or tenant may stand where a part's name is expected (actorId).
      return typeof value === 'string' && UUID.test(value) ? value : matching(NAME, value);
  }
}

function matching(pattern: RegExp, value: unknown): string {
  return typeof value === 'string' && pattern.test(value) ? value : WITHHELD;
}
