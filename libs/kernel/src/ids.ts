import { v5, v7, validate } from 'uuid';

/** A new identifier: UUIDv7, so that ids of one table lie side by side in its index in order of time. */
export function newId(): string {
  return v7();
}

/**
 * An identifier that follows from its parts (UUIDv5): the same parts give the same id on every machine and after
 * every restore, so work that is planned twice collides instead of happening twice.
 */
export function derivedId(namespace: string, ...parts: string[]): string {
  // A unit separator keeps ('a', 'bc') and ('ab', 'c') apart.
  return v5(parts.join('\u001f'), namespace);
}

export function isUuid(value: string): boolean {
  return validate(value);
}

/** The tenant of what stands outside tenants (the operator). No tenant can have it. */
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';
