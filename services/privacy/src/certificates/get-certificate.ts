import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, DomainError, newId, type Caller, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { openingsOf, receiptsOfBatches } from '../answers/receipt.store.js';
import { RecordAccess } from '../audit/record-access.js';
import { refusal } from '../errors.js';
import { ProveLeaves } from '../log/prove-leaves.js';
import { Manifests } from '../manifests/manifests.js';
import { ordersOfRequests } from '../orders/order.store.js';
import { closingsOf, requestById } from '../requests/request.store.js';
import { type Exception } from '../answers/exceptions.js';
import { answersOfRequest } from '../processors/processor-order.store.js';
import { isTakenBack, type State } from '../requests/request.js';
import { sweepOpeningsOf } from '../sweeps/found.store.js';
import { certificateOf, type CertificateParts, type Evidence } from './certificate.js';

const CLOSED: readonly State[] = ['COMPLETED', 'COMPLETED_WITH_EXCEPTIONS'];

/** The certificate of a completed request, made of what was kept; that it was read is recorded. */
@Injectable()
export class GetCertificate {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly proving: ProveLeaves,
    private readonly manifests: Manifests,
    private readonly audit: RecordAccess,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(caller: Caller, requestId: string): Promise<Buffer> {
    const { closing, evidence, sweeps, told, pins } = await this.uow.run(caller.tenantId, (tx) =>
      this.read(tx, caller, requestId),
    );
    // What was told before was brought along to the origin of the end; what was said later may be in the next one.
    const later = [...sweeps, ...told].map(({ leaf }) => leaf).filter((leaf) => leaf > closing.leaf);
    const shown = await this.proving.besides(closing.leaf, later);
    const isShown = ({ leaf }: { leaf: number }): boolean => leaf < closing.leaf || shown.includes(leaf);
    const { placeOf, ...log } = await this.proving.prove([
      ...[...evidence, ...told.filter(isShown)].map(({ leaf }) => leaf),
      closing.leaf,
      ...shown,
    ]);
    const manifests = await this.manifests.ofVersions(Object.values(pins));
    return certificateOf({
      ...{ manifests, log },
      closing: { ...closing, leaf: placeOf(closing.leaf) },
      evidence: evidence.map((each) => ({ ...each, leaf: placeOf(each.leaf) })),
      sweeps: sweeps.filter(isShown).map((each) => ({ ...each, leaf: placeOf(each.leaf) })),
      told: told.filter(isShown).map((each) => ({ ...each, leaf: placeOf(each.leaf) })),
    });
  }

  private async read(
    tx: Tx,
    { actorId, method: action }: Caller,
    requestId: string,
  ): Promise<
    Pick<CertificateParts, 'closing' | 'evidence' | 'sweeps' | 'told'> & { pins: Record<string, string> }
  > {
    const request = await requestById(tx, requestId);
    if (!request) throw refusal('REQUEST_NOT_FOUND');
    if (isTakenBack(request)) throw refusal('NOTHING_CERTIFIED');
    const closing = (await closingsOf(tx, [requestId])).get(requestId);
    if (!CLOSED.includes(request.state) || !closing || closing.leaf === null)
      throw refusal('REQUEST_NOT_COMPLETED');
    const { statement, salt, leaf } = closing;
    const orders = await ordersOfRequests(tx, [requestId]);
    const receipts = await receiptsOfBatches(
      tx,
      orders.flatMap(({ batchId }) => batchId ?? []),
    );
    const openings = await openingsOf(
      tx,
      orders.map(({ orderId }) => orderId),
    );
    const { manifests: pins, exceptions = [] } = JSON.parse(statement.toString('utf8')) as {
      manifests: Record<string, string>;
      exceptions?: Exception[];
    };
    const actionOf = new Map(orders.map(({ orderId, action: ordered }) => [orderId, ordered]));
    // What came later is shown with the request: the certificate says what stood when it was closed.
    const inTime = openings.filter(
      ({ service, orderId }) =>
        !exceptions.some(
          (missing) =>
            missing.why === 'open' && missing.service === service && missing.action === actionOf.get(orderId),
        ),
    );
    const evidence = inTime.map(({ service, ...opening }): Evidence => {
      const { batchId } = orders.find(({ orderId }) => orderId === opening.orderId) ?? {};
      const kept = receipts.find(({ receipt }) => receipt.batchId === batchId && receipt.service === service);
      if (!kept || kept.leaf === null)
        throw new DomainError('EVIDENCE_LOST', 'internal', { metadata: { service } });
      return { receipt: kept.receipt, opening, leaf: kept.leaf };
    });
    const { subjectId } = request;
    await this.audit.recordIn(tx, [
      { entryId: newId(), at: this.clock.now(), actorId, action, subjectId, service: 'privacy' },
    ]);
    return {
      closing: { statement, salt, leaf },
      evidence,
      sweeps: await sweepOpeningsOf(tx, requestId),
      told: (await answersOfRequest(tx, requestId)).filter(({ statement: word }) =>
        isSaidBy(inTime, actionOf, word),
      ),
      pins,
    };
  }
}

/** Of a service that had not answered when the request was closed, the certificate shows nothing. */
function isSaidBy(
  inTime: readonly { service: string; orderId: string }[],
  actionOf: ReadonlyMap<string, string>,
  word: Buffer,
): boolean {
  const { service } = JSON.parse(word.toString('utf8')) as { service: string };
  return inTime.some((given) => given.service === service && actionOf.get(given.orderId) === 'ERASE');
}
