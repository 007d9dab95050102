export { verifyCertificate, type VerifiedCertificate } from './verify-certificate.js';
export { verifyAudit, type VerifiedAudit } from './verify-audit.js';
export { type Claims, type ProcessorClaim, type StoreClaim, type SweepClaim } from './claims.js';
export { type RefusalReason } from './refusal.js';
export { openCheckpoint, readVerifierKey, type Checkpoint, type VerifierKey } from './signed-note.js';
export { followLogKey, type KeyChange } from './follow-log-key.js';
