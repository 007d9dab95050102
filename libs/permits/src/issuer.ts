/**
 * Who gives leave to reach whom: contacts for contacts, identity for members, privacy for those who asked it something.
 * Each knows the addresses of its own people, signs with its own key, and is asked about nobody else (ATTACKS 1.3).
 */
export type Issuer = 'contacts' | 'identity' | 'privacy';

export const ISSUERS: readonly Issuer[] = ['contacts', 'identity', 'privacy'];
