import { messageRules, rpcRules, type RpcRule, SERVICES, type ServiceName } from '@heed/contracts';
import { type Things } from './things.js';

/** A field of a request that takes the id of something, as the contracts say (`uuid`). */
export interface IdField {
  rpc: string;
  rule: RpcRule;
  /** Who is asked: data rights are served by all six. */
  service: ServiceName;
  /** Who asks: each that the rule lets in. */
  caller: 'member' | ServiceName;
  /** From the request down to the field. */
  path: string[];
  /** What the id is of: a key of `Things`, or the id under which a write is made once. */
  takes: keyof Things | 'request_id' | undefined;
}

/** Words of the contracts for things that have another name elsewhere. */
const SAME_THING: Record<string, keyof Things> = {
  subjectId: 'contactId',
  afterContactId: 'contactId',
  placedBy: 'memberId',
  handles: 'handle',
};

/** Every field of every RPC of tenants that takes an id. Who has no tenant (the operator, anybody) has no other one. */
export function idFields(known: ReadonlySet<string>): IdField[] {
  return Object.entries(rpcRules)
    .filter(([, rule]) => !rule.operator && !rule.public)
    .flatMap(([rpc, rule]) =>
      pathsIn(rule.request).flatMap((path) =>
        servedBy(rpc).flatMap((service) =>
          callersOf(rule).map((caller) => ({
            ...{ rpc, rule, service, caller, path },
            takes: takenBy(rule, path, known),
          })),
        ),
      ),
    );
}

/** The word for what a field names: one of many is named as one. */
export function thingOf(field: string): string {
  const one = field.replace(/Ids$/, 'Id');
  return SAME_THING[one] ?? one;
}

function pathsIn(message: string, above: readonly string[] = []): string[][] {
  if (above.length > 5) throw new Error(`${message} holds itself: say in id-fields.ts how deep to look`);
  return Object.entries(messageRules[message] ?? {}).flatMap(([field, { uuid, message: inner }]) => {
    if (uuid) return [[...above, field]];
    return inner === undefined ? [] : pathsIn(inner, [...above, field]);
  });
}

function takenBy(rule: RpcRule, path: string[], known: ReadonlySet<string>): IdField['takes'] {
  const thing = thingOf(path.at(-1)!);
  if (thing === 'requestId' && path.length === 1 && rule.idempotency === 'request_id') return 'request_id';
  return known.has(thing) ? (thing as keyof Things) : undefined;
}

function callersOf({ permission, anyMember, callers }: RpcRule): IdField['caller'][] {
  const member: IdField['caller'][] = permission !== '' || anyMember ? ['member'] : [];
  return [...member, ...(callers as ServiceName[])];
}

/** /heed.contacts.v1.ListsService/GetList → contacts */
function servedBy(rpc: string): readonly ServiceName[] {
  const name = rpc.split('.')[1];
  return name === 'datarights' ? SERVICES : [name as ServiceName];
}
