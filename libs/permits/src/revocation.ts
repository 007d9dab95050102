import { isUuid } from '@heed/kernel';

/** Signal by which contacts tells every sender, within milliseconds, that what it holds about somebody is void. */
export const REVOKED = 'heed.revoked';

/** Whom a revocation is about: a person, an endpoint whoever has it (ATTACKS 2.5), or both. */
export interface Revocation {
  tenantId: string;
  contactId?: string;
  /** Keyed hash of the address, in hexadecimal: what `Permit.endpoint_hash` holds in bytes. */
  endpointHash?: string;
}

/** The revocation that a signal carries, or undefined where it cannot be read. */
export function readRevocation(data: unknown): Revocation | undefined {
  const { tenantId, contactId, endpointHash } = (data ?? {}) as Record<string, unknown>;
  if (!isId(tenantId)) return undefined;
  if (contactId !== undefined && !isId(contactId)) return undefined;
  if (
    endpointHash !== undefined &&
    !(typeof endpointHash === 'string' && /^[0-9a-f]{64}$/.test(endpointHash))
  )
    return undefined;
  if (contactId === undefined && endpointHash === undefined) return undefined;
  return { tenantId, contactId, endpointHash };
}

export function concerns(
  revocation: Revocation,
  held: { tenantId: string; contactId: string; endpointHash: string },
): boolean {
  return (
    revocation.tenantId === held.tenantId &&
    (revocation.contactId === held.contactId || revocation.endpointHash === held.endpointHash)
  );
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
