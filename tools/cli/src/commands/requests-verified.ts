/** How the identity of whoever asks was verified. */
export const VERIFIED = ['email_code', 'phone_code', 'document', 'known_to_agent'];
