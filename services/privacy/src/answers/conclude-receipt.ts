import { Inject, Injectable } from '@nestjs/common';
import { isServiceName } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import {
  answerNames,
  DueWork,
  ORDERS,
  type OpenedStatement,
  type Opening,
  type Receipt,
} from '@heed/data-rights';
import { canonicalJson, CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { ServiceKeys } from '@heed/rpc';
import { Sealing } from '@heed/sealing';
import { refusal } from '../errors.js';
import { heldAmong } from '../holds/hold.store.js';
import { BringAlong } from '../log/bring-along.js';
import { LoggedKeys } from '../log/logged-keys.js';
import { type LeafUnderKey } from '../log/new-leaf.js';
import { TransparencyLog } from '../log/transparency-log.js';
import { Manifests } from '../manifests/manifests.js';
import { receiptsVerified } from '../measures.js';
import { IssueOrders } from '../orders/issue-orders.js';
import { markAnswered, ordersOfBatch, searchedLast, silentServices } from '../orders/order.store.js';
import { Requesters } from '../requesters/requesters.js';
import { orderProcessors, processorOrdersOf } from '../processors/order-processors.js';
import { FIRST_ORDER, isProbed, type Request, type Right, type State } from '../requests/request.js';
import { pinManifests, pinnedOtherwise, setState } from '../requests/request.store.js';
import { countingIn } from './behind.store.js';
import { MoveOn } from './move-on.js';
import { openReceipt } from './opened-receipt.js';
import { addOpenings, leavesOfRequests, markVerified } from './receipt.store.js';

/** How soon what an old replica has answered is ordered anew, and how seldom at last. */
const ANEW_FIRST_MS = 15_000;
const ANEW_LAST_MS = 300_000;

/** What a certificate says of such a request is fixed: late answers are kept beside it. */
const ENDED: readonly State[] = ['CLOSING', 'COMPLETED', 'COMPLETED_WITH_EXCEPTIONS'];

/** What else belongs into the transaction in which a receipt begins to count. */
export interface Alongside {
  before?: (tx: Tx, opened: readonly OpenedStatement[], at: Date) => Promise<void>;
  after: (tx: Tx, at: Date) => Promise<void>;
}

/**
 * Verifies every word of what a receipt commits to, lets the log know, and notes the answers. Only then does the receipt
 * count, whoever brought it. Its signature was verified before.
 */
@Injectable()
export class ConcludeReceipt {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly keys: ServiceKeys,
    private readonly manifests: Manifests,
    private readonly log: TransparencyLog,
    private readonly logged: LoggedKeys,
    private readonly along: BringAlong,
    private readonly issue: IssueOrders,
    private readonly moveOn: MoveOn,
    private readonly requesters: Requesters,
    private readonly due: DueWork,
    private readonly sealing: Sealing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Returns the index of its leaf. */
  async conclude(
    tenantId: string,
    receipt: Receipt,
    openings: readonly Opening[],
    { before, after }: Alongside,
  ): Promise<number> {
    const orders = await this.uow.run(tenantId, (tx) => ordersOfBatch(tx, receipt.batchId));
    const manifest = await this.manifestOf(receipt);
    const stores = answerNames(manifest);
    const opened = openReceipt(tenantId, receipt, orders, openings, stores);
    const requestIds = opened.map(({ statement }) => statement.requestId);
    const statements = opened.map(({ statement }) => statement);
    const passedOn = await processorOrdersOf(this.sealing.hashes, tenantId, manifest, statements);
    await this.along.bring(() => this.uow.run(tenantId, (tx) => leavesOfRequests(tx, requestIds)));
    const leaf = await this.tellLog(receipt);
    await this.uow.run(tenantId, async (tx) => {
      const at = this.clock.now();
      // Before anything is counted: the receipts of all services about these requests meet here, one after another.
      const requests = await this.moveOn.lock(tx, requestIds);
      await before?.(tx, opened, at);
      const { begunAnew, behind } = await this.adopt(tx, receipt, requests);
      await addOpenings(
        tx,
        receipt.service,
        opened.map(({ opening }) => opening),
      );
      await markVerified(tx, receipt.receiptId, leaf, at);
      await orderProcessors(tx, this.due, passedOn, at);
      // Where two services were deployed, the first to answer has seen to it.
      await this.orderAnew(tx, await searchedLast(tx, begunAnew));
      await this.askNewest(tx, receipt, behind);
      const silent = await silentServices(tx, receipt.batchId);
      if (silent.length === 0) {
        await markAnswered(tx, receipt.batchId, at);
        await this.issue.wake(tx);
      }
      // privacy itself answers last, and is waiting for this (EraseLast).
      if (silent.length === 1 && silent[0] === 'privacy') await this.due.add(tx, ORDERS, [receipt.batchId]);
      // While one service is silent no request of the batch has a next step.
      await (silent.length === 0 ? this.moveOn.all(tx, requests) : this.moveOn.tell(tx, requests));
      tx.afterCommit(() => receiptsVerified.add(1, { service: receipt.service, kind: receipt.action }));
      await after(tx, at);
    });
    return leaf;
  }

  private async tellLog(receipt: Receipt): Promise<number> {
    const { service, keyId } = receipt;
    const publicKey = await this.keys.publicKeyOf(service, keyId);
    if (!publicKey) throw refusal('RECEIPT_KEY_UNKNOWN');
    await this.logged.note([{ service, keyId, publicKey }]);
    const [leaf] = await this.log.append([receiptLeaf(receipt)]);
    return leaf!;
  }

  private async manifestOf({ service, manifestVersion }: Receipt): Promise<Manifest> {
    const [known] = await this.manifests.ofVersions([manifestVersion]);
    if (known?.service === service) return known;
    // A participant registers what it declares before it answers by it.
    if (!isServiceName(service)) throw refusal('RECEIPT_OF_OTHER_MANIFEST', { metadata: { service } });
    // Deployed since: what it declares now must not be less than before, which asking for it demands.
    const renewed = await this.manifests.renewed(service);
    if (renewed.version !== manifestVersion)
      throw refusal('RECEIPT_OF_OTHER_MANIFEST', { metadata: { service } });
    return renewed;
  }

  /**
   * A service that was deployed meanwhile answers for more than a request was pinned to: the request is pinned to that.
   * Where it had erased before, its new stores have not: those requests begin anew. Where a replica from before the
   * deployment answers by less than it was asked for, nothing of that counts: those requests are behind.
   */
  private async adopt(
    tx: Tx,
    { service, manifestVersion, action }: Receipt,
    requests: readonly Request[],
  ): Promise<{ begunAnew: Request[]; behind: Request[] }> {
    const open = requests.filter(({ state }) => !ENDED.includes(state));
    const requestIds = open.map(({ requestId }) => requestId);
    const other = await pinnedOtherwise(tx, requestIds, service, manifestVersion);
    if (other.length === 0) return { begunAnew: [], behind: [] };
    const rights = new Map(open.map(({ requestId, right }) => [requestId, right]));
    const older = new Set<string>();
    const manifests = await this.manifests.ofVersions([
      manifestVersion,
      ...other.map(({ version }) => version),
    ]);
    const now = manifests.find(({ version }) => version === manifestVersion);
    for (const { requestId, version } of other) {
      const pinned = manifests.find((manifest) => manifest.version === version);
      if (now && pinned && covers(now, pinned)) await pinManifests(tx, [requestId], [now]);
      else if (now && pinned && covers(pinned, now) && mayBeAskedAnew(service, rights.get(requestId)!))
        older.add(requestId);
      else throw refusal('RECEIPT_OF_OTHER_MANIFEST', { metadata: { service } });
    }
    const repinned = new Set(other.map(({ requestId }) => requestId).filter((id) => !older.has(id)));
    return {
      begunAnew: action === 'PROBE' ? open.filter(({ requestId }) => repinned.has(requestId)) : [],
      behind: open.filter(({ requestId }) => older.has(requestId)),
    };
  }

  /**
   * An old replica has answered while the new ones came up. It has kept its answer, and says it again whoever asks: so the
   * order is given anew, later each time, until whoever answers knows all that the service declares.
   */
  private async askNewest(tx: Tx, { batchId }: Receipt, behind: readonly Request[]): Promise<void> {
    for (const [right, alike] of Map.groupBy(behind, (request) => request.right)) {
      const times = await countingIn(tx, batchId, FIRST_ORDER[right]);
      for (const request of alike) {
        const asked = times.get(request.requestId);
        // What a later order has taken the place of says nothing any more.
        if (asked === undefined) continue;
        const afterMs = Math.min(ANEW_FIRST_MS * 2 ** (asked - 1), ANEW_LAST_MS);
        await this.orderAnew(tx, [request], { afterMs });
      }
    }
  }

  /**
   * By two manifests a service proves neither (ATTACKS 6.5). Everybody is asked again, since an order is everybody's; who
   * has erased (or corrected) says the same once more, and the search comes after that.
   */
  private async orderAnew(tx: Tx, searched: readonly Request[], { afterMs = 0 } = {}): Promise<void> {
    // A hold that came meanwhile was not told of the new stores: they keep what they have until it is released.
    const held = await heldAmong(
      tx,
      searched.filter(({ right }) => right === 'ERASURE').map(({ subjectId }) => subjectId),
    );
    const waits = ({ right, subjectId }: Request): boolean => right === 'ERASURE' && held.has(subjectId);
    await setState(
      tx,
      searched.filter(waits).map(({ requestId }) => requestId),
      'HELD',
    );
    for (const request of searched.filter(waits)) await this.requesters.held(tx, request);
    const those = searched.filter((request) => !waits(request));
    await setState(
      tx,
      those.map(({ requestId }) => requestId),
      'FANNED_OUT',
    );
    for (const [action, alike] of Map.groupBy(those, ({ right }) => FIRST_ORDER[right]))
      await this.issue.order(tx, action, alike, { afterMs });
  }
}

/** Participants are told at once that they are behind. Of an access the parts that were collected would stay where they are. */
function mayBeAskedAnew(service: string, right: Right): boolean {
  return isServiceName(service) && isProbed(right);
}

/** Whoever declares the one answers for all stores of the other. */
function covers(more: Manifest, less: Manifest): boolean {
  const stores = new Set(answerNames(more));
  return answerNames(less).every((store) => stores.has(store));
}

/** Described in docs/certificate.md; no id is in it. */
export function receiptLeaf(receipt: Receipt): LeafUnderKey {
  const says = {
    action: receipt.action,
    key_id: receipt.keyId,
    manifest: receipt.manifestVersion,
    root: receipt.root.toString('base64'),
    service: receipt.service,
    signature: receipt.signature.toString('base64'),
    signed_at: receipt.signedAt.toISOString(),
    tree_size: receipt.treeSize,
    type: receipt.action === 'PROBE' ? 'probe' : 'receipt',
  };
  return {
    ...{ service: receipt.service, keyId: receipt.keyId },
    leaf: (keys) => Buffer.from(canonicalJson({ ...says, keys })),
  };
}
