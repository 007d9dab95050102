import { exceptionOf, storesOf, type Answers } from './answers.js';
import {
  type CertificateFile,
  type Entry,
  type RequestStatement,
  type SweepStatement,
} from './certificate-file.js';

/** What a store did, and what was found there afterwards. */
export interface StoreClaim extends Answer {
  service: string;
  store: string;
  /** Of an answer: SHA-256 of what was exported. */
  digest?: string;
  /** What the probe said; absent where none is demanded. */
  probe?: Answer;
}

/** UNREACHABLE stands with `since` alone: no answer since then, and a member closed the request all the same. */
export interface Answer {
  outcome: Entry['outcome'] | 'UNREACHABLE';
  count?: number;
  detail?: string;
  until?: string;
  answered_at?: string;
  /** The search is the word of the service that was searched: nobody else could look. */
  self_attested?: true;
  since?: string;
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
  /** What was missing, and why it was closed all the same. */
  exceptions?: NonNullable<RequestStatement['exceptions']>;
  reason?: string;
  verification: string;
  stores: StoreClaim[];
  /** Of an erasure. */
  sweep?: SweepClaim;
}

/** The claims that these facts prove, in order of service and store. */
export function claimsOf(
  request: RequestStatement,
  answers: Answers,
  manifests: CertificateFile['manifests'],
  sweeps: readonly SweepStatement[],
): Claims {
  const stores: StoreClaim[] = [];
  for (const [service, manifest] of Object.entries(manifests).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { PROBE, ...first } = answers.get(service) ?? {};
    const [done] = Object.values(first);
    if (!done) {
      stores.push(...silentStores(request, service, manifest));
      continue;
    }
    const unprobed = exceptionOf(request, service, 'PROBE');
    for (const entry of done.entries) {
      const found = PROBE?.entries.find((candidate) => candidate.store === entry.store);
      stores.push({
        service,
        store: entry.store,
        outcome: entry.outcome,
        count: entry.count,
        detail: entry.detail,
        until: entry.until,
        digest: entry.digest,
        answered_at: done.at,
        ...(unprobed?.why === 'open' && {
          probe: { outcome: 'UNREACHABLE' as const, since: unprobed.since },
        }),
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
    ...(request.exceptions && { exceptions: request.exceptions, reason: request.reason ?? '' }),
    verification: request.verification,
    stores,
    ...(request.right === 'ERASURE' && { sweep: sweepOf(answers, sweeps) }),
  };
}

/** A participant searches by itself alone, and is not asked to. */
function sweepOf(answers: Answers, sweeps: readonly SweepStatement[]): SweepClaim {
  const asked = [...answers].filter(([, { ERASE }]) => !ERASE?.selfAttested).map(([service]) => service);
  const isDone = asked.every((service) => sweeps.some((sweep) => sweep.service === service));
  return {
    state: isDone ? 'DONE' : 'DUE',
    services: sweeps.map(({ service, at, needles, columns, objects, found, excepted }) => ({
      ...{ service, at, needles, columns, objects, found, excepted },
    })),
  };
}

/** Of a service that had not answered when the request was closed. */
function silentStores(
  request: RequestStatement,
  service: string,
  manifest: CertificateFile['manifests'][string],
): StoreClaim[] {
  const since = request.exceptions?.find(
    (missing) => missing.service === service && missing.action !== 'PROBE',
  )?.since;
  return storesOf(service, manifest).map((store) => ({
    service,
    store,
    outcome: 'UNREACHABLE',
    since: since ?? '',
  }));
}
