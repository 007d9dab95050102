import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, SpecialCases, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { admitSubjects, UnitOfWork } from '@heed/postgres';
import { MoveOn, PACKAGES } from '../answers/move-on.js';
import { StoreStates, type StoreState } from '../answers/store-states.js';
import { Manifests } from '../manifests/manifests.js';
import { ordersOfRequests } from '../orders/order.store.js';
import { requestById } from '../requests/request.store.js';
import { dataHtml, type AccessData } from './data-html.js';
import { FetchExports } from './fetch-exports.js';
import { destroyPackage } from './package.store.js';
import { SealedChunks, type PackageFile } from './sealed-chunks.js';

/** Packages that are whole, whose parts are still where they came from. */
const SPENT = 'exports-spent';
/** Packages whose days are over. */
const EXPIRIES = 'package-expiry';
const PACKAGE_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Puts an access package together once every store has answered: data.json, data.html and the files. That our copy is
 * whole is committed before the first service destroys its own: until then a process that died begins it anew, from then
 * on nothing of it is fetched again.
 */
@Injectable()
export class BuildPackage implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly exports: FetchExports,
    private readonly chunks: SealedChunks,
    private readonly moveOn: MoveOn,
    private readonly stores: StoreStates,
    private readonly due: DueWork,
    private readonly special: SpecialCases,
    private readonly manifests: Manifests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addCopies('package_part');
    this.due.serve(PACKAGES, (item) => this.build(item));
    this.due.serve(SPENT, (item) => this.close(item));
    this.due.serve(EXPIRIES, (item) => this.expire(item));
  }

  private async build(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const found = await this.uow.run(tenantId, async (tx) => {
      const request = await requestById(tx, requestId);
      const [order] = await ordersOfRequests(tx, [requestId]);
      await destroyPackage(tx, requestId);
      if (!request || !order) return undefined;
      // Nobody seals or keeps anything about somebody erased: their package would be empty anyway.
      const { subjectId, subjectKind } = request;
      const isAlive = (await admitSubjects(tx, [subjectId], subjectKind)).has(subjectId);
      const states = await this.stores.of(tx, requestId);
      const pinned = states.map(({ service }) => service);
      const notIncluded = await this.manifests.notAsked(tx, request.right, pinned);
      return { request, order, isAlive, signed: exportedIn(states), notIncluded };
    });
    if (found?.request.state !== 'FANNED_OUT') return this.uow.run(tenantId, (tx) => item.done(tx));
    const { request, order, isAlive, signed, notIncluded } = found;
    const at = this.clock.now();
    const expiresAt = new Date(at.getTime() + PACKAGE_DAYS * DAY_MS);
    const { subjectId } = request;
    const file = (fileNo: number, name: string): PackageFile => ({
      requestId,
      subjectId,
      fileNo,
      name,
      expiresAt,
    });
    const data: AccessData = {
      request: requestId,
      subject: subjectId,
      collected_at: at.toISOString(),
      sections: [],
      attachments: [],
      not_included: notIncluded,
    };
    const services = [...new Set(signed.map(({ service }) => service))];
    for (const service of services) {
      const theirs = signed.filter((entry) => entry.service === service);
      const sections = await this.exports.fetch(
        tenantId,
        order.orderId,
        service,
        theirs,
        async (attachment, content) => {
          data.attachments.push(attachment);
          // The first two are the data itself, which is known only when all is there.
          await this.chunks.write(tenantId, file(2 + data.attachments.length, attachment.file), content);
        },
      );
      data.sections.push(...sections);
    }
    if (isAlive) {
      await this.chunks.write(tenantId, file(1, 'data.json'), once(JSON.stringify(data, null, 2)));
      await this.chunks.write(tenantId, file(2, 'data.html'), once(dataHtml(data)));
    }
    await this.uow.run(tenantId, async (tx) => {
      await this.due.add(tx, SPENT, [requestId]);
      await this.due.add(tx, EXPIRIES, [requestId], expiresAt);
      await item.done(tx);
    });
  }

  /** Complete once nobody else holds what is in the package. */
  private async close(item: DueItem): Promise<void> {
    const { tenantId, ref: requestId } = item;
    const { order, signed } = await this.uow.run(tenantId, async (tx) => {
      const [accessOrder] = await ordersOfRequests(tx, [requestId]);
      return { order: accessOrder, signed: exportedIn(await this.stores.of(tx, requestId)) };
    });
    for (const service of new Set(signed.map((entry) => entry.service)))
      await this.exports.destroy(tenantId, order!.orderId, service);
    await this.uow.run(tenantId, async (tx) => {
      await this.moveOn.toClose(tx, [requestId]);
      await item.done(tx);
    });
  }

  private expire(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      await destroyPackage(tx, item.ref);
      await item.done(tx);
    });
  }
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What the services have signed to have exported. */
function exportedIn(states: readonly StoreState[]): { service: string; store: string; digest: Buffer }[] {
  return states.flatMap(({ service, store, answer }) =>
    answer?.outcome === 'EXPORTED' ? [{ service, store, digest: Buffer.from(answer.digest, 'hex') }] : [],
  );
}
