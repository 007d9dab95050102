import { type Answers } from './answers.js';
import { type Entry, type RequestStatement } from './certificate-file.js';

/** What a store did, and what was found there afterwards. */
export interface StoreClaim {
  service: string;
  store: string;
  outcome: Entry['outcome'];
  count: number;
  detail: string;
  until: string;
  digest: string;
  answered_at: string;
  /** What the probe said; absent for access. */
  probe?: {
    outcome: Entry['outcome'];
    count: number;
    detail: string;
    until: string;
    answered_at: string;
    /** The search is the word of the service that was searched: nobody else could look. */
    self_attested?: true;
  };
}

/** What a certificate says: each of these follows from signed statements in the log. */
export interface Claims {
  tenant: string;
  request: string;
  right: RequestStatement['right'];
  subject: string;
  subject_kind: RequestStatement['subject_kind'];
  received_at: string;
  closed_at: string;
  objects: boolean;
  /** How the person was told before their restriction was lifted. */
  informed?: string;
  verification: string;
  stores: StoreClaim[];
}

/** The claims that these facts prove, in order of service and store. */
export function claimsOf(request: RequestStatement, answers: Answers): Claims {
  const stores: StoreClaim[] = [];
  for (const [service, { PROBE, ...first }] of [...answers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [done] = Object.values(first);
    for (const entry of done?.entries ?? []) {
      const found = PROBE?.entries.find((candidate) => candidate.store === entry.store);
      stores.push({
        service,
        store: entry.store,
        outcome: entry.outcome,
        count: entry.count,
        detail: entry.detail,
        until: entry.until,
        digest: entry.digest,
        answered_at: done?.at ?? '',
        ...(found &&
          PROBE && {
            probe: {
              outcome: found.outcome,
              count: found.count,
              detail: found.detail,
              until: found.until,
              answered_at: PROBE.at,
              ...(PROBE.selfAttested && { self_attested: true as const }),
            },
          }),
      });
    }
  }
  return {
    tenant: request.tenant,
    request: request.request,
    right: request.right,
    subject: request.subject,
    subject_kind: request.subject_kind,
    received_at: request.received_at,
    closed_at: request.closed_at,
    objects: request.objects,
    ...(request.informed !== undefined && { informed: request.informed }),
    verification: request.verification,
    stores,
  };
}
