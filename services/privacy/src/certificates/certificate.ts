import { isServiceName } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { type Exception } from '../answers/exceptions.js';
import {
  answerNames,
  manifestBytes,
  readStatement,
  type Opening,
  type Receipt,
  type Statement,
} from '@heed/data-rights';
import { canonicalJson } from '@heed/kernel';
import { type ProvedLeaf } from '../log/prove-leaves.js';
import { type KeptSweepOpening } from '../sweeps/found.store.js';

/** A statement with the receipt that it opens from, and where that receipt stands in the log. */
export interface Evidence {
  receipt: Receipt;
  opening: Opening;
  leaf: number;
}

/** What a processor was told or has said, and where the log commits to it. */
export interface ToldProcessor {
  statement: Buffer;
  salt: Buffer;
  leaf: number;
}

export interface CertificateParts {
  closing: { statement: Buffer; salt: Buffer; leaf: number };
  evidence: readonly Evidence[];
  /** What services have found since, by service: of each the latest. */
  sweeps: readonly KeptSweepOpening[];
  /** What processors were told and have said, in order. */
  told: readonly ToldProcessor[];
  manifests: readonly Manifest[];
  log: { checkpoint: string; leaves: readonly ProvedLeaf[] };
}

/**
 * The certificate of a request, as docs/certificate.md describes it: canonical JSON in which every byte is bound by the
 * log's key. tools/verifier reads it without a line of this.
 */
export function certificateOf(parts: CertificateParts): Buffer {
  const { closing, evidence, sweeps, told, manifests, log } = parts;
  const proofs = [...evidence].sort((a, b) => a.leaf - b.leaf);
  const certificate = {
    certificate: 'heed/v1',
    claims: claimsOf(
      closing.statement,
      proofs.map(({ opening }) => readStatement(opening.statement)),
      manifests,
      sweeps,
      told,
    ),
    log: {
      checkpoint: log.checkpoint,
      leaves: log.leaves.map(({ index, data, proof }) => ({
        index,
        data: data.toString('base64'),
        proof: proof.map((hash) => hash.toString('base64')),
      })),
    },
    manifests: Object.fromEntries(
      manifests.map((manifest) => [
        manifest.service,
        JSON.parse(manifestBytes(manifest).toString('utf8')) as unknown,
      ]),
    ),
    openings: proofs.map(({ receipt, opening, leaf }) => ({
      leaf,
      path: opening.path.map((hash) => hash.toString('base64')),
      position: opening.leafIndex,
      receipt: { batch: receipt.batchId, id: receipt.receiptId },
      salt: opening.salt.toString('base64'),
      statement: opening.statement.toString('base64'),
    })),
    ...(told.length > 0 && {
      processors: told.map(({ leaf, salt, statement }) => ({
        leaf,
        salt: salt.toString('base64'),
        statement: statement.toString('base64'),
      })),
    }),
    request: {
      leaf: closing.leaf,
      salt: closing.salt.toString('base64'),
      statement: closing.statement.toString('base64'),
    },
    sweeps: sweeps.map(({ leaf, path, position, salt, statement }) => ({
      leaf,
      path: path.map((hash) => hash.toString('base64')),
      position,
      salt: salt.toString('base64'),
      statement: statement.toString('base64'),
    })),
  };
  return Buffer.from(canonicalJson(certificate));
}

/** The readable part: nothing but what the statements say. */
function claimsOf(
  requestStatement: Buffer,
  statements: readonly Statement[],
  manifests: readonly Manifest[],
  sweeps: readonly KeptSweepOpening[],
  told: readonly ToldProcessor[],
): object {
  const processors = latestByStore(told);
  const {
    format: _format,
    manifests: _manifests,
    orders: _orders,
    ...facts
  } = JSON.parse(requestStatement.toString('utf8')) as Record<string, unknown>;
  const exceptions = (facts['exceptions'] ?? []) as Exception[];
  const silentSince = (service: string, isProbe: boolean): string | undefined =>
    exceptions.find(
      (missing) =>
        missing.why === 'open' && missing.service === service && (missing.action === 'PROBE') === isProbe,
    )?.since;
  const byName = [...manifests].sort((a, b) => (a.service < b.service ? -1 : 1));
  const stores = byName.flatMap((manifest): object[] => {
    const { service } = manifest;
    const silent = silentSince(service, false);
    if (silent !== undefined) {
      return answerNames(manifest).map((store) => ({
        service,
        store,
        outcome: 'UNREACHABLE',
        since: silent,
      }));
    }
    const unprobed = silentSince(service, true);
    const done = statements.find((said) => said.service === service && said.action !== 'PROBE');
    const probed = statements.find((said) => said.service === service && said.action === 'PROBE');
    return (done?.entries ?? []).map((entry) => {
      const found = probed?.entries.find(({ store }) => store === entry.store);
      return {
        ...entry,
        service,
        answered_at: done?.at.toISOString(),
        ...(processors.has(entry.store) && { processor: processors.get(entry.store) }),
        ...(unprobed !== undefined && { probe: { outcome: 'UNREACHABLE', since: unprobed } }),
        ...(probed &&
          found && {
            probe: {
              outcome: found.outcome,
              count: found.count,
              detail: found.detail,
              until: found.until,
              answered_at: probed.at.toISOString(),
              // Nobody but the participant itself has looked.
              ...(isServiceName(service) ? {} : { self_attested: true }),
            },
          }),
      };
    });
  });
  const answered = [...new Set(statements.map(({ service }) => service))];
  return { ...facts, stores, ...(facts['right'] === 'ERASURE' && { sweep: sweepOf(answered, sweeps) }) };
}

/** What each processor has said last, as the claims say it. */
function latestByStore(told: readonly ToldProcessor[]): Map<string, object> {
  return new Map(
    told.map(({ statement }) => {
      const said = JSON.parse(statement.toString('utf8')) as Record<string, string>;
      const { answer, at, expected_by, name, reference, said_by, state, told_at } = said;
      return [said['store']!, { answer, at, expected_by, name, reference, said_by, state, told_at }];
    }),
  );
}

/** Due until each of our services that has answered has searched; what others hold nobody but they can search. */
function sweepOf(services: readonly string[], sweeps: readonly KeptSweepOpening[]): object {
  const said = sweeps.map(
    ({ statement }) => JSON.parse(statement.toString('utf8')) as Record<string, string | number>,
  );
  const isDone = services
    .filter(isServiceName)
    .every((service) => said.some((sweep) => sweep['service'] === service));
  return {
    state: isDone ? 'DONE' : 'DUE',
    services: said.map(({ service, at, needles, columns, objects, found, excepted }) => ({
      ...{ service, at, needles, columns, objects, found, excepted },
    })),
  };
}
