import { type datarightsV1 } from '@heed/contracts';
import { DomainError } from '@heed/kernel';
import { type SignedSweep } from './run-sweeps.js';
import { type SweepOpening, type SweepReceipt } from './sweep-receipt.js';

/** So many of a message stay far below what gRPC takes. */
const TOGETHER = 200;

/** One empty message while it goes on; then the receipt, and what was found of each. */
export function* sweepToWire(signed: SignedSweep | undefined): Generator<datarightsV1.RunSweepResponse> {
  if (!signed) return yield { receipt: undefined, openings: [] };
  const { receipt, openings } = signed;
  yield { receipt: { ...receipt, signedAt: receipt.signedAt.toISOString() }, openings: [] };
  for (let from = 0; from < openings.length; from += TOGETHER) {
    yield {
      receipt: undefined,
      openings: openings.slice(from, from + TOGETHER).map(({ hits, ...opening }) => ({
        ...opening,
        hits: hits.map(({ store, column, key: row, living }) => ({ store, column, row, living })),
      })),
    };
  }
}

export function sweepReceiptFromWire(wire: datarightsV1.SweepReceipt): SweepReceipt {
  const signedAt = new Date(wire.signedAt);
  if (Number.isNaN(signedAt.getTime())) {
    throw new DomainError('RECEIPT_MALFORMED', 'invalid-argument', { message: 'a receipt without a time' });
  }
  return { ...wire, root: Buffer.from(wire.root), signedAt, signature: Buffer.from(wire.signature) };
}

export function sweepOpeningFromWire({
  position,
  path,
  salt,
  statement,
}: datarightsV1.SweepOpening): SweepOpening {
  return {
    position,
    path: path.map((hash) => Buffer.from(hash)),
    salt: Buffer.from(salt),
    statement: Buffer.from(statement),
  };
}
