import { isServiceName } from '@heed/contracts';
import { keyIdOf } from '@heed/kernel';
import { refusal } from '../errors.js';

/** A service that is none of the platform's and must answer. */
export interface Participant {
  name: string;
  keyId: string;
  publicKey: Buffer;
  /** Tenants whose people it holds; none named: all. */
  tenantIds: string[];
  enrolledAt: Date;
  retiredAt: Date | null;
  /** Its last receipt, as it signed it. */
  retirement: Buffer | null;
  /** Why there is none. */
  withoutReceipt: string | null;
}

export interface Enrolment {
  name: string;
  publicKey: Uint8Array;
  tenantIds: readonly string[];
}

/**
 * What a second enrolment may change: more tenants, or all. A key is not put in the place of another, nor a tenant taken
 * away: both would let what a store holds be forgotten in silence.
 */
export function demandCovers(known: Participant, { publicKey, tenantIds }: Enrolment): void {
  if (known.retiredAt) throw refusal('PARTICIPANT_RETIRED');
  if (known.keyId !== keyIdOf(publicKey)) throw refusal('PARTICIPANT_KEY_DIFFERS');
  if (tenantIds.length === 0) return;
  const kept =
    known.tenantIds.length > 0 && known.tenantIds.every((tenantId) => tenantIds.includes(tenantId));
  if (!kept) throw refusal('PARTICIPANT_TENANTS_FEWER');
}

/** Of the services of a batch or a request, those that are none of ours. */
export function participantsAmong(services: readonly string[]): string[] {
  return services.filter((service) => !isServiceName(service));
}
