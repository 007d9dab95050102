import { type Percentiles } from './measure/percentiles.js';
import { type BounceFigures } from './steps/bounces.js';
import { type ComingBackFigures } from './steps/comes-back.js';
import { type CorrectionFigures } from './steps/correction.js';
import { type HoldFigures } from './steps/hold.js';
import { type ReviewFigures } from './steps/review.js';
import { type RestrictionFigures } from './steps/restriction.js';

export interface LedgerFigures {
  audience: number;
  sent: number;
  skipped: Record<string, number>;
  failed: number;
  unknown: number;
  open: number;
}

export interface RequestFigures {
  right: 'erasure' | 'access';
  state: string;
  requestId: string;
  /** Stores declared, receipts and probes by which they answered. */
  stores: number;
  receipts: number;
  probes: number;
  ms: number;
  /** Path of the certificate. */
  certificate: string;
}

/** The figures of one run; every one counted from what happened, never from what was meant to. */
export interface Report {
  ok: boolean;
  failures: string[];
  parts: Record<'postgres' | 'kafka' | 'nats' | 'objects' | 'smtp', { kind: string; version: string }>;
  startedInMs: number;
  storyMs: number;
  memoryMb: Record<string, number>;
  import: { rows: number; accepted: number; rejected: number; ms: number };
  ledger: LedgerFigures;
  welcomeLedger: LedgerFigures;
  optOuts: {
    count: number;
    raced: number;
    alreadyMailed: number;
    silenceMs: Percentiles;
    attemptsAfter: number;
  };
  /** The same once more with NATS ended; absent where it was not ours to end. */
  withoutSignals?: Report['optOuts'];
  bounces: BounceFigures;
  scannerChanges: number;
  duplicates: number;
  requests: RequestFigures[];
  restriction: RestrictionFigures;
  correction: CorrectionFigures;
  review: ReviewFigures;
  hold: HoldFigures;
  fence: { refused: number };
  comesBack: ComingBackFigures;
  logKey: string;
}
