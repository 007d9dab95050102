import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { datarightsV1 } from '@heed/contracts';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, derivedId, newId, NIL_UUID, type Clock } from '@heed/kernel';
import { UnitOfWork, type Tx } from '@heed/postgres';
import { RpcClients } from '@heed/rpc';
import { type PrivacySettings } from '../settings.js';
import { withOpenHits } from './found.store.js';
import { NEEDLE_DAYS, Needles } from './needles.js';
import {
  beginSweep,
  endSweep,
  openSweep,
  partsOf,
  sweptBy,
  sweptOnce,
  waitingSince,
  type Sweep,
  type Swept,
} from './sweep.store.js';
import { TakeSweep } from './take-sweep.js';

const NIGHTS = 'sweep-nights';
const PARTS = 'sweep-parts';
/** More wait for the next, which begins when this one has ended. */
const MOST_REQUESTS = 2_000;
const LOOK_MS = 1_000;
const DAY_MS = 86_400_000;
const ASK_WITHIN_MS = 60_000;

/** The next time that it is this hour of the day. */
export function nextNight(now: Date, hour: number): Date {
  const next = new Date(now);
  next.setUTCHours(hour, 0, 0, 0);
  return next > now ? next : new Date(next.getTime() + DAY_MS);
}

/**
 * Once a night all services search all that they have for all who were erased since the last. What belongs to no tenant
 * (that it is night, which service is still searching) is durable work of nobody's tenant.
 */
@Injectable()
export class RunSweep implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    private readonly clients: RpcClients,
    private readonly taking: TakeSweep,
    private readonly needles: Needles,
    @Inject(SETTINGS) private readonly settings: PrivacySettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(NIGHTS, (item) => this.night(item));
    this.due.serve(PARTS, (item) => this.part(item));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.uow.run(NIL_UUID, (tx) => this.due.add(tx, NIGHTS, [NIL_UUID], this.nextAt()));
  }

  nextAt(): Date {
    return nextNight(this.clock.now(), this.settings.HEED_SWEEP_HOUR);
  }

  /** The sweep that goes on, or a new one. Undefined where nobody was erased since the last. */
  begin(): Promise<Sweep | undefined> {
    return this.uow.runAcross('service', async (tx) => {
      const services = this.settings.HEED_ANSWERING_SERVICES;
      const sweep = await beginSweep(tx, newId(), this.clock.now(), services, MOST_REQUESTS);
      if (!sweep) return undefined;
      const parts = services.map((service) => derivedId(sweep.sweepId, service));
      await this.due.add(await tx.enterTenant(NIL_UUID), PARTS, parts);
      return sweep;
    });
  }

  private async night(item: DueItem): Promise<void> {
    const over = new Date(this.clock.now().getTime() - (NEEDLE_DAYS - 1) * DAY_MS);
    const waiting = await this.uow.runAcross('service', (tx) => waitingSince(tx, over));
    // Whatever kept a sweep from coming, what is kept for it is not kept for longer than was said.
    await this.eachTenant(waiting, (tx, requestIds) => this.forget(tx, requestIds));
    await this.begin();
    await this.uow.run(NIL_UUID, (tx) => item.putOff(tx, this.nextAt()));
  }

  private async part(item: DueItem): Promise<void> {
    const asked = await this.uow.runAcross('service', async (tx) => {
      const sweep = await openSweep(tx);
      const parts = sweep ? await partsOf(tx, [sweep.sweepId]) : [];
      return parts.find(({ sweepId, service }) => derivedId(sweepId, service) === item.ref);
    });
    if (!asked) return this.uow.run(NIL_UUID, (tx) => item.done(tx));
    if (!asked.answeredAt) {
      const answer = await this.ask(asked);
      if (!answer) return this.uow.run(NIL_UUID, (tx) => item.putOff(tx, this.soon()));
      await this.taking.take(asked, answer);
    }
    await this.end(asked.sweepId);
    await this.uow.run(NIL_UUID, (tx) => item.done(tx));
  }

  /** Undefined while it searches. */
  private async ask({
    sweepId,
    service,
  }: {
    sweepId: string;
    service: string;
  }): Promise<datarightsV1.RunSweepResponse[] | undefined> {
    const client = this.clients.of(datarightsV1.DataRightsServiceService, service);
    const pieces: datarightsV1.RunSweepResponse[] = [];
    const asking = { tenantId: NIL_UUID, timeoutMs: ASK_WITHIN_MS };
    for await (const piece of client.runSweep({ sweepId }, asking)) pieces.push(piece);
    return pieces[0]?.receipt ? pieces : undefined;
  }

  /** By the last part: who is clean is not searched for any more. Done before it is said to be over: so it is repeated. */
  private async end(sweepId: string): Promise<void> {
    const { swept, isLast } = await this.uow.runAcross('service', async (tx) => {
      const parts = await partsOf(tx, [sweepId]);
      return {
        swept: await sweptBy(tx, sweepId),
        isLast: parts.every(({ answeredAt }) => answeredAt !== null),
      };
    });
    if (!isLast) return;
    await this.eachTenant(swept, async (tx, requestIds) => {
      const open = await withOpenHits(tx, requestIds);
      await this.forget(
        tx,
        requestIds.filter((requestId) => !open.has(requestId)),
      );
    });
    await this.uow.runAcross('service', (tx) => endSweep(tx, sweepId, this.clock.now()));
    // More than one sweep could hold.
    if (swept.length === MOST_REQUESTS) await this.begin();
  }

  private async forget(tx: Tx, requestIds: readonly string[]): Promise<void> {
    await this.needles.forget(tx, requestIds);
    await sweptOnce(tx, requestIds);
  }

  private async eachTenant(
    swept: readonly Swept[],
    work: (tx: Tx, requestIds: string[]) => Promise<void>,
  ): Promise<void> {
    for (const [tenantId, theirs] of Map.groupBy(swept, (one) => one.tenantId)) {
      await this.uow.run(tenantId, (tx) =>
        work(
          tx,
          theirs.map(({ requestId }) => requestId),
        ),
      );
    }
  }

  private soon(): Date {
    return new Date(this.clock.now().getTime() + LOOK_MS);
  }
}
