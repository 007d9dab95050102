export { MOST_DISAGREEMENT_MS } from './age.js';
export { HeldPermit, type Verdict } from './held-permit.js';
export { PermitDesk, type Ask, type Denial, type PermitDeskOptions } from './permit-desk.js';
export { type PermitsClient } from './permits-client.js';
export { addressCommitment, decodeLeaf, encodeLeaf, PERMIT_CONTEXT, type PermitLeaf } from './permit-leaf.js';
export { LONGEST_LIFETIME_MS, type PermitProof } from './permit-proof.js';
export { REVOKED, type Revocation } from './revocation.js';
export { deferralOf, type Deferral } from './deferral.js';
export { skipReasonOf } from './skip-reason.js';
