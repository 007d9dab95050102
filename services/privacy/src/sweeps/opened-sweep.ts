import { type datarightsV1 } from '@heed/contracts';
import {
  opensSweep,
  readSweepStatement,
  sweepOpeningFromWire,
  type SweepOpening,
  type SweepReceipt,
  type SweepStatement,
} from '@heed/data-rights';
import { refusal } from '../errors.js';
import { type Swept } from './sweep.store.js';

/** What a service says of one request, proved to be in the receipt that it signed. */
export interface OpenedSweep {
  opening: SweepOpening;
  said: SweepStatement;
  hits: datarightsV1.SweepHit[];
}

/** One opening for each request that was swept, each in the tree and about that request, and no other. */
export function openSweep(
  receipt: SweepReceipt,
  swept: readonly Swept[],
  openings: readonly datarightsV1.SweepOpening[],
): OpenedSweep[] {
  const { service, sweepId } = receipt;
  if (receipt.treeSize !== swept.length || openings.length !== swept.length)
    throw doesNotOpen(service, 'COUNT');
  const waiting = new Map(swept.map((one) => [one.requestId, one]));
  return openings.map((wire) => {
    const opening = sweepOpeningFromWire(wire);
    if (!opensSweep(receipt, opening)) throw doesNotOpen(service, 'PATH');
    const said = readSweepStatement(opening.statement);
    const about = said && waiting.get(said.requestId);
    const isOurs =
      about !== undefined &&
      said?.tenantId === about.tenantId &&
      said.subjectId === about.subjectId &&
      said.service === service &&
      said.sweepId === sweepId &&
      said.found === wire.hits.length &&
      said.excepted === wire.hits.filter(({ living }) => living).length;
    if (!isOurs) throw doesNotOpen(service, 'STATEMENT');
    waiting.delete(said.requestId);
    return { opening, said, hits: wire.hits };
  });
}

function doesNotOpen(service: string, why: string): Error {
  return refusal('SWEEP_DOES_NOT_OPEN', { metadata: { service, why } });
}
