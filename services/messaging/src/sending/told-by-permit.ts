import { SIGN_UP_CONFIRMATION } from '@heed/contracts';
import { type Claimed } from './in-hand.store.js';

/**
 * Whether what a message says comes with its permit: members and requesters are known to their issuers alone, and what
 * somebody typed into a form to contacts, until they confirm it.
 */
export function isToldByPermit({ issuer, purpose }: Pick<Claimed, 'issuer' | 'purpose'>): boolean {
  return issuer !== 'contacts' || purpose === SIGN_UP_CONFIRMATION;
}
