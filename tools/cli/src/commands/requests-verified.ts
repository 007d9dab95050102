/** How the identity of whoever asks was verified. */
export const VERIFIED = ['email_code', 'phone_code', 'document', 'known_to_agent'];
/** What a request may be taken with: `none` waits until somebody says how. */
export const VERIFIED_OR_NOT = [...VERIFIED, 'none'];
