/** The only words of a certificate about a store (docs/certificate.md). */
export type Outcome =
  | 'ERASED'
  | 'ANONYMISED'
  | 'NOTHING_HELD'
  | 'RETAINED'
  | 'EXPORTED'
  | 'PROBED_CLEAN'
  | 'PROBED_FOUND'
  | 'IN_BACKUP'
  | 'RESTRICTED'
  | 'LIFTED'
  | 'CORRECTED'
  | 'AT_PROCESSOR'
  | 'UNREACHABLE';

/** What a store answered, or what was found there. UNREACHABLE stands with `since` alone: no answer since then. */
export interface Answer {
  outcome: Outcome;
  count?: number;
  detail?: string;
  until?: string;
  answered_at?: string;
  /** The search is the word of the service that was searched: nobody else could look. */
  self_attested?: true;
  since?: string;
}

/** What somebody who works for a service was told of an erasure, and has answered last. Only COMPLETED says that it is done. */
export interface ProcessorClaim {
  name: string;
  state: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'CANCELLED';
  /** PROCESSOR: its own signed answer; PERSON: a member wrote it down. */
  said_by: 'PERSON' | 'PROCESSOR';
  reference: string;
  told_at: string;
  /** When this was said. */
  at: string;
  /** When it expects to be done; empty where it does not say. */
  expected_by: string;
  /** SHA-256 of the answer that it signed, in hex; empty where a person said it. */
  answer: string;
}

/** What a store did, and what was found there afterwards. */
export interface StoreClaim extends Answer {
  service: string;
  store: string;
  /** Of an answer: SHA-256 of what was exported. */
  digest?: string;
  /** Of AT_PROCESSOR, in an erasure; absent where it was not told when the request was closed, as an exception says. */
  processor?: ProcessorClaim;
  /** What the probe said; absent where none is demanded. */
  probe?: Answer;
}

/** What a search of everything found after the request was closed: due until each service has searched. */
export interface SweepClaim {
  state: 'DUE' | 'DONE';
  services: {
    service: string;
    at: string;
    needles: number;
    columns: number;
    objects: number;
    found: number;
    excepted: number;
  }[];
}

/** What was missing when a member closed the request all the same. */
export interface Exception {
  action: string;
  service: string;
  since: string;
  why: 'open' | 'found' | 'refused' | 'untold';
}

/** What a certificate says: each of these follows from signed statements in the log (verify-certificate.mjs). */
export interface Claims {
  tenant: string;
  request: string;
  right: 'ACCESS' | 'CORRECTION' | 'ERASURE' | 'LIFT' | 'RESTRICTION';
  subject: string;
  subject_kind: 'CONTACT' | 'MEMBER';
  received_at: string;
  closed_at: string;
  objects: boolean;
  /** How the person was told before their restriction was lifted. */
  informed?: string;
  /** What was missing, and why it was closed all the same. */
  exceptions?: Exception[];
  reason?: string;
  /** Of access and correction: stores of participants that are not asked for that. */
  not_asked?: string[];
  verification: string;
  stores: StoreClaim[];
  /** Of an erasure. */
  sweep?: SweepClaim;
}
