import { type datarightsV1, HoldChanged, OrdersIssued, type ServiceName } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { type Consumers, type Outbox } from '@heed/events';
import { type Clock, type SigningKey } from '@heed/kernel';
import { type ObjectStore } from '@heed/objects';
import { type UnitOfWork } from '@heed/postgres';
import { type Sealing } from '@heed/sealing';
import { CarryOut, EXPORTS, RETENTION } from './carry-out.js';
import { CarryOutCorrections } from './carry-out-corrections.js';
import { CollectExport } from './collect-export.js';
import { CorrectRows } from './correct-rows.js';
import { type AskCorrections } from './corrections.js';
import { type DueWork } from './due-work.js';
import { EraseRows } from './erase-rows.js';
import { ExportStore } from './export.store.js';
import { HandOutExport } from './hand-out-export.js';
import { HandedOver, type ProcessorSpans } from './handed-over.js';
import { keepHolds, type ToldHold } from './hold.store.js';
import { KeptHashes } from './kept-hashes.js';
import { KeptRows } from './kept-rows.js';
import { OrdersStore } from './orders.store.js';
import { ProbeCorrected } from './probe-corrected.js';
import { ProbeForms, type AskIdentifiers } from './probe-forms.js';
import { ProbeRows } from './probe-rows.js';
import { PurgeRetained } from './purge-retained.js';
import { ReceiptsStore } from './receipts.store.js';
import { RestrictRows } from './restrict-rows.js';
import { RunSweeps, type AskNeedles } from './sweep/run-sweeps.js';
import { SignAnswers } from './sign-answers.js';
import { SlowStores } from './slow-stores.js';
import { type SpecialCases } from './special.js';
import { ORDERS, TakeOrders, type PublicKeys } from './take-orders.js';

export interface DataRightsParts {
  service: ServiceName;
  manifest: Manifest;
  work: UnitOfWork;
  outbox: Outbox;
  keys: PublicKeys;
  signing: SigningKey;
  sealing: Pick<Sealing, 'seal' | 'open' | 'openMany' | 'subjectsWithKeys' | 'destroyKeys'>;
  objects: ObjectStore;
  due: DueWork;
  special: SpecialCases;
  /** When each processor of the manifest worked for the service. */
  processors?: ProcessorSpans;
  identifiers: AskIdentifiers;
  corrections: AskCorrections;
  needles: AskNeedles;
  /** Between two pieces of a sweep. */
  sweepPauseMs: number;
  clock: Clock;
}

/** Data rights of one service, wired: the same in each of them, from its manifest alone. */
export class DataRights {
  readonly manifest: Manifest;
  readonly receipts: ReceiptsStore;
  readonly handOut: HandOutExport;
  readonly sweeps: RunSweeps;
  private readonly orders = new OrdersStore();
  private readonly takeOrders: TakeOrders;

  constructor(private readonly parts: DataRightsParts) {
    const { service, manifest, work, sealing, objects, special, identifiers, due, clock } = parts;
    this.manifest = manifest;
    this.receipts = new ReceiptsStore(service);
    const { orders } = this;
    const exports = new ExportStore();
    const slow = new SlowStores(manifest, sealing, objects);
    const keptHashes = new KeptHashes(manifest, special);
    const handedOver = new HandedOver(manifest, special, parts.processors ?? new Map());
    const keptRows = new KeptRows(service, special);
    const shared = { ...parts, orders, receipts: this.receipts };
    const probeForms = new ProbeForms(special, identifiers);
    const sign = new SignAnswers(shared);
    this.takeOrders = new TakeOrders(shared);
    this.sweeps = new RunSweeps({ ...parts, pauseMs: parts.sweepPauseMs });
    this.handOut = new HandOutExport(work, exports, sealing);
    const carryOut = new CarryOut({
      ...shared,
      slow,
      eraseRows: new EraseRows(manifest, special, keptHashes, keptRows, handedOver),
      probeRows: new ProbeRows(manifest),
      probeForms,
      collect: new CollectExport({
        ...{ manifest, exports, sealing, objects },
        ...{ slow, special, keptHashes, handedOver },
      }),
      restrict: new RestrictRows({ manifest, exports, slow, special, keptHashes, handedOver, clock }),
      corrections: new CarryOutCorrections({
        ...shared,
        ...{ slow, keptHashes, handedOver, probeForms, sign },
        correctRows: new CorrectRows({ ...parts, exports, slow, keptHashes, handedOver }),
        probeCorrected: new ProbeCorrected(manifest),
      }),
      ...{ keptHashes, keptRows, handedOver },
      sign,
    });
    const purge = new PurgeRetained(manifest, work, clock);
    due.serve(ORDERS, (item) => carryOut.handle(item));
    due.serve(RETENTION, (item) => purge.handle(item));
    due.serve(EXPORTS, (item) =>
      work.run(item.tenantId, async (tx) => {
        await exports.destroy(tx, item.ref);
        await item.done(tx);
      }),
    );
  }

  /** Orders that did not come as events: after a restore they are read from privacy's ledger. Known ones change nothing. */
  takeFromLedger(tenantId: string, orders: datarightsV1.OrdersIssued): Promise<void> {
    return this.parts.work.run(tenantId, (tx) => this.takeOrders.takeKnown(tx, orders));
  }

  /**
   * Within a resync: brings on what taken erasures wait for. Returns how many of them had not begun: whoever they are about
   * is here still. Those that wait for others are not counted: they go on once the service is open.
   */
  async hastenErasures(): Promise<number> {
    const { work, due, special } = this.parts;
    if (special.erasures.some(({ isReadyByOthers }) => isReadyByOthers)) return 0;
    let waiting = 0;
    for (const tenantId of await due.tenantsOf(ORDERS)) {
      waiting += await work.run(tenantId, (tx) => this.orders.countUnfenced(tx, ORDERS));
    }
    if (waiting > 0) for (const erasure of special.erasures) await erasure.hasten?.();
    return waiting;
  }

  /** Holds that did not come as events: after a restore privacy is asked for all of them. */
  takeHolds(tenantId: string, holds: readonly ToldHold[]): Promise<void> {
    return this.parts.work.run(tenantId, (tx) => keepHolds(tx, holds));
  }

  /** Subscribes to orders, from which the rest follows, and to holds. */
  listen(consumers: Consumers): void {
    consumers.add({
      event: HoldChanged,
      group: `${this.parts.service}.holds`,
      handle: (tx, events) =>
        keepHolds(
          tx,
          events.map(({ data }) => data),
        ),
    });
    consumers.add({
      event: OrdersIssued,
      group: `${this.parts.service}.orders`,
      handle: (tx, events) => this.takeOrders.handle(tx, events),
    });
  }
}
