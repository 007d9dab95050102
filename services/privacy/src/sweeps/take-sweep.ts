import { Inject, Injectable } from '@nestjs/common';
import { type datarightsV1 } from '@heed/contracts';
import { isSweepSignedBy, sweepReceiptFromWire, type SweepReceipt } from '@heed/data-rights';
import { canonicalJson, CLOCK, newId, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { ServiceKeys } from '@heed/rpc';
import { LOGGER, type Logger } from '@heed/telemetry';
import { refusal } from '../errors.js';
import { LoggedKeys } from '../log/logged-keys.js';
import { type LeafUnderKey } from '../log/new-leaf.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { probeHits } from '../measures.js';
import { keepHits, keepOpenings } from './found.store.js';
import { openSweep, type OpenedSweep } from './opened-sweep.js';
import { partAnswered, sweptBy } from './sweep.store.js';

/** Takes what a service has found: verified to the last word, then in the log, then kept. */
@Injectable()
export class TakeSweep {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: ServiceKeys,
    private readonly log: TransparencyLog,
    private readonly logged: LoggedKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async take(
    asked: { sweepId: string; service: string },
    pieces: readonly datarightsV1.RunSweepResponse[],
  ): Promise<void> {
    const swept = await this.uow.runAcross('service', (tx) => sweptBy(tx, asked.sweepId));
    const { receipt, publicKey } = await this.verified(asked, pieces[0]!.receipt!);
    const opened = openSweep(
      receipt,
      swept,
      pieces.flatMap(({ openings }) => openings),
    );
    await this.logged.note([{ service: asked.service, keyId: receipt.keyId, publicKey }]);
    const [leaf] = await this.log.append([leafOf(receipt)]);
    const at = this.clock.now();
    for (const [tenantId, theirs] of Map.groupBy(opened, ({ said }) => said.tenantId)) {
      await this.keep(tenantId, asked, theirs, leaf!, at);
    }
    const sum = (of: 'found' | 'excepted') => opened.reduce((all, { said }) => all + said[of], 0);
    await this.uow.runAcross('service', (tx) =>
      partAnswered(tx, asked, { leaf: leaf!, found: sum('found'), excepted: sum('excepted'), at }),
    );
  }

  private async verified(
    { sweepId, service }: { sweepId: string; service: string },
    wire: datarightsV1.SweepReceipt,
  ): Promise<{ receipt: SweepReceipt; publicKey: Uint8Array }> {
    const receipt = sweepReceiptFromWire(wire);
    if (receipt.sweepId !== sweepId || receipt.service !== service)
      throw refusal('SWEEP_DOES_NOT_OPEN', { metadata: { service, why: 'ANOTHER' } });
    const publicKey = await this.keys.publicKeyOf(service, receipt.keyId);
    if (!publicKey) throw refusal('RECEIPT_KEY_UNKNOWN');
    if (!isSweepSignedBy(receipt, publicKey)) throw refusal('RECEIPT_FORGED');
    return { receipt, publicKey };
  }

  private async keep(
    tenantId: string,
    asked: { sweepId: string; service: string },
    opened: readonly OpenedSweep[],
    leaf: number,
    at: Date,
  ): Promise<void> {
    const places = opened.flatMap(({ said: { requestId }, hits }) =>
      hits
        .filter(({ living }) => !living)
        .map(({ store, column, row }) => ({ hitId: newId(), requestId, store, column, row })),
    );
    await this.uow.run(tenantId, async (tx) => {
      await keepOpenings(
        tx,
        asked,
        opened.map(({ opening, said: { requestId } }) => ({ ...opening, requestId, leaf })),
      );
      await keepHits(tx, { ...asked, at }, [
        // Two addresses of one person in one place are one place to look at.
        ...new Map(places.map((place) => [JSON.stringify({ ...place, hitId: '' }), place])).values(),
      ]);
      if (places.length === 0) return;
      tx.afterCommit(() => {
        probeHits.add(places.length, { service: asked.service });
        this.logger.error('a sweep has found something of somebody who was erased', {
          ...{ tenantId, service: asked.service, places: places.length },
        });
      });
    });
  }
}

/** Described in docs/certificate.md. */
function leafOf({
  keyId,
  root,
  service,
  signature,
  signedAt,
  sweepId,
  treeSize,
}: SweepReceipt): LeafUnderKey {
  const says = {
    key_id: keyId,
    root: root.toString('base64'),
    service,
    signature: signature.toString('base64'),
    signed_at: signedAt.toISOString(),
    sweep: sweepId,
    tree_size: treeSize,
    type: 'sweep',
  };
  return { service, keyId, leaf: (keys) => Buffer.from(canonicalJson({ ...says, keys })) };
}
