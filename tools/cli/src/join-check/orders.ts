import { datarightsV1 } from '@heed/contracts';
import { actionToWire, signOrders, type ActionName, type IssuedOrder } from '@heed/data-rights';
import { newId, type SigningKey } from '@heed/kernel';

export interface Asking {
  action: ActionName;
  tenantId: string;
  /** Services that must answer, by the versions of their manifests. */
  manifests: Record<string, string>;
  people: readonly { subjectId: string; orderNumber: number; handle?: string }[];
  batchId?: string;
  /** They are of requests for correction. */
  corrects?: boolean;
}

export interface Batch {
  batchId: string;
  tenantId: string;
  orders: IssuedOrder[];
  issued: datarightsV1.OrdersIssued;
}

/** A batch as privacy would issue it, signed by this key. */
export function batchOf(
  { action, tenantId, manifests, people, batchId = newId(), corrects = false }: Asking,
  key: SigningKey,
  at: Date,
): Batch {
  const orders = people.map(({ subjectId, orderNumber, handle = '' }) => ({
    ...{ orderId: newId(), requestId: newId(), subjectId, orderNumber, action, handle },
  }));
  const issued = signOrders(
    {
      ...{ batchId, tenantId, action: actionToWire(action), manifests, issuedAt: at.toISOString() },
      orders: orders.map(({ orderId, requestId, subjectId, orderNumber, handle }) => ({
        ...{ orderId, requestId, subjectId, orderNumber: BigInt(orderNumber), handle },
        ...{
          subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
          aliases: [],
          objects: false,
          corrects,
        },
      })),
    },
    key,
  );
  return { batchId, tenantId, orders, issued };
}
