export { Bell } from './bell.js';
export { type Caller } from './caller.js';
export { CLOCK, systemClock, type Clock } from './clock.js';
export { derivedId, isUuid, newId, NIL_UUID, timeOfId } from './ids.js';
export {
  DomainError,
  invalidArgument,
  isDomainError,
  type DomainErrorOptions,
  type ErrorKind,
  type FieldViolation,
} from './domain-error.js';
export { canonicalJson } from './canonical-json.js';
export { sha256 } from './hash.js';
export {
  consistencyProof,
  inclusionProof,
  inclusionProofs,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
  type Consistency,
  type Inclusion,
} from './merkle.js';
export { keyIdOf, publicKeyObject, SigningKey, verifySignature } from './signing.js';
export {
  checkpointText,
  cosign,
  cosignedAt,
  openCheckpoint,
  readCheckpoint,
  readVkey,
  signNote,
  vkeyOf,
  type Checkpoint,
  type NoteKey,
  type NoteSigner,
} from './signed-note.js';
export { chunked } from './chunked.js';
export { timeSpan, type TimeSpan } from './time-span.js';
