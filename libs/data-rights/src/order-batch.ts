import { datarightsV1, SERVICES } from '@heed/contracts';
import { DomainError, isUuid, verifySignature, type SigningKey } from '@heed/kernel';
import { actionFromWire, goesAlone, type ActionName } from './answer.js';

const PREFIX = Buffer.from('heed orders v1\n');
/** The most that one batch holds: one set-based erasure, one transaction. */
export const MOST_ORDERS = 500;

/** One order about one subject, as a service works on it. */
export interface Order {
  orderId: string;
  requestId: string;
  orderNumber: number;
  subjectId: string;
  kind: 'contact' | 'member';
  /** The subject and all other ids of the same person. */
  subjectIds: string[];
  /** Under which privacy hands out identifiers while the request is open; empty if none are needed. */
  handle: string;
  /** The person also objected: what keeps them from being contacted again stays. */
  objects: boolean;
  /** The request is one for correction: nobody is erased, and its probe looks for what was corrected. */
  corrects: boolean;
}

export interface OrderBatch {
  batchId: string;
  tenantId: string;
  action: ActionName;
  orders: Order[];
  issuedAt: Date;
  /** The services that must answer, by the manifest versions to which the requests are pinned. */
  manifests: Record<string, string>;
}

/** The event that carries a batch: its very bytes are what is signed. */
export function signOrders(batch: datarightsV1.OrderBatch, key: SigningKey): datarightsV1.OrdersIssued {
  const bytes = Buffer.from(datarightsV1.OrderBatch.encode(batch).finish());
  return {
    batchId: batch.batchId,
    batch: bytes,
    keyId: key.keyId,
    signature: key.sign(Buffer.concat([PREFIX, bytes])),
  };
}

/** True where privacy's key made the signature. Asked before anything in the batch is believed (ATTACKS 6.1). */
export function areSignedOrders(event: datarightsV1.OrdersIssued, publicKey: Uint8Array): boolean {
  return verifySignature(publicKey, Buffer.concat([PREFIX, event.batch]), event.signature);
}

/** The orders of an event whose signature was verified. */
export function readOrders(event: datarightsV1.OrdersIssued): OrderBatch {
  const malformed = (why: string) =>
    new DomainError('ORDER_MALFORMED', 'invalid-argument', { message: `a signed batch of orders ${why}` });
  let wire: datarightsV1.OrderBatch;
  try {
    wire = datarightsV1.OrderBatch.decode(event.batch);
  } catch {
    throw malformed('cannot be read');
  }
  const issuedAt = new Date(wire.issuedAt);
  if (wire.batchId !== event.batchId) throw malformed('is under the id of another');
  if (!isUuid(wire.batchId)) throw malformed('has an id that is none');
  if (wire.orders.length === 0 || wire.orders.length > MOST_ORDERS)
    throw malformed('has no order, or too many');
  if (Number.isNaN(issuedAt.getTime())) throw malformed('does not say when it was issued');
  const orders = wire.orders.map((order) => {
    const ids = [order.orderId, order.requestId, order.subjectId, ...order.aliases];
    if (!ids.every(isUuid)) throw malformed('has an id that is none');
    if (order.orderNumber < 1n || order.orderNumber > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw malformed('has an order without a number');
    }
    return orderFromWire(order);
  });
  // Subjects are locked in order of id, which two statements, one for each kind, would not keep.
  if (new Set(orders.map((order) => order.kind)).size > 1) throw malformed('mixes contacts and members');
  // One search for what should be gone, another for what was corrected.
  if (new Set(orders.map((order) => order.corrects)).size > 1)
    throw malformed('mixes corrections with others');
  const subjects = orders.flatMap((order) => order.subjectIds);
  if (new Set(subjects).size !== subjects.length) throw malformed('names a person twice');
  const action = actionFromWire(wire.action);
  if ((action === 'CORRECT') !== orders.some((order) => order.corrects) && action !== 'PROBE')
    throw malformed('is of another right than its action');
  if (goesAlone(action) && orders.length > 1) throw malformed('has orders together that go alone');
  return {
    batchId: wire.batchId,
    tenantId: wire.tenantId,
    action,
    orders,
    issuedAt,
    manifests: Object.fromEntries(
      SERVICES.flatMap((name) => (wire.manifests[name] ? [[name, wire.manifests[name]]] : [])),
    ),
  };
}

function orderFromWire(order: datarightsV1.Order): Order {
  return {
    orderId: order.orderId,
    requestId: order.requestId,
    orderNumber: Number(order.orderNumber),
    subjectId: order.subjectId,
    kind: order.subjectKind === datarightsV1.SubjectKind.SUBJECT_KIND_MEMBER ? 'member' : 'contact',
    subjectIds: [...new Set([order.subjectId, ...order.aliases])],
    handle: order.handle,
    objects: order.objects,
    corrects: order.corrects,
  };
}
