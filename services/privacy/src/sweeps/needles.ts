import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, SpecialCases, type DueItem, type Identifier } from '@heed/data-rights';
import { CLOCK, derivedId, newId, type Clock } from '@heed/kernel';
import { addSubjects, UnitOfWork, type Tx } from '@heed/postgres';
import { Sealing } from '@heed/sealing';
import {
  addNeedles,
  countNeedlesOf,
  deleteNeedles,
  hasNeedles,
  needlesByHandles,
  needlesOfRequests,
  type KeptNeedle,
  type SealedNeedle,
} from './needle.store.js';

/** The most that needles live, whether the sweep has come or not: certificates say so. */
export const NEEDLE_DAYS = 7;
export const NEEDLES_GROUND = 'search_for_remains';

const TABLE = 'search_needle';
/** Keys of needles, once the last that was sealed under them may have gone. */
const HOLDERS = 'needle-holders';
const DAY_MS = 86_400_000;
/** Nobody seals under a day's key any more. */
const KEY_DAYS = 2;
const SUBJECT_KIND = 'needle_holder';

const placeOf = (needleId: string) => ({ table: TABLE, row: needleId, column: 'address' });

/** Whose key the needles of one tenant and day are sealed under. One key for all: it is destroyed behind the last. */
export function holderOf(tenantId: string, day: string): string {
  return derivedId(tenantId, 'needles', day);
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/**
 * What whoever is to be erased was reached at. Their probes look it up, and the next sweep searches every column for it,
 * when nothing else of them is left: so it is kept under no id of theirs, sealed, and goes with the sweep.
 */
@Injectable()
export class Needles implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sealing: Sealing,
    private readonly special: SpecialCases,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.special.addKept({ store: TABLE, ground: NEEDLES_GROUND, days: NEEDLE_DAYS, count: countNeedlesOf });
    this.due.serve(HOLDERS, (item) => this.destroyKey(item));
  }

  /** Before the transaction that keeps them: keys lie in another database. */
  async seal(tenantId: string, given: readonly Identifier[]): Promise<SealedNeedle[]> {
    const requestId = newId();
    const theirs = given.map((one) => ({ ...one, requestId }));
    return (await this.sealForEach(tenantId, theirs)).get(requestId) ?? [];
  }

  /** Of many requests, by request. */
  async sealForEach(
    tenantId: string,
    given: readonly (Identifier & { requestId: string })[],
  ): Promise<Map<string, SealedNeedle[]>> {
    const holderId = holderOf(tenantId, dayOf(this.clock.now()));
    const items = given.map(({ requestId, channel, address }) => {
      const needleId = newId();
      const plaintext = Buffer.from(address);
      return { requestId, needleId, channel, subjectId: holderId, plaintext, ...placeOf(needleId) };
    });
    const sealed = await this.sealing.sealMany(tenantId, items);
    const byRequest = new Map<string, SealedNeedle[]>();
    for (const [at, { requestId, needleId, channel }] of items.entries()) {
      const address = sealed[at];
      if (!address) continue;
      byRequest.set(requestId, [
        ...(byRequest.get(requestId) ?? []),
        { needleId, holderId, channel, address },
      ]);
    }
    return byRequest;
  }

  /** Returns the handle under which they are asked for; none where there is nothing to ask for. */
  async keep(tx: Tx, requestId: string, needles: readonly SealedNeedle[]): Promise<string | null> {
    return (await this.keepForEach(tx, [{ requestId, needles }])).get(requestId) ?? null;
  }

  /** Handles by request; none where there is nothing to ask for. */
  async keepForEach(
    tx: Tx,
    theirs: readonly { requestId: string; needles: readonly SealedNeedle[] }[],
  ): Promise<Map<string, string>> {
    const handles = new Map(
      theirs.flatMap(({ requestId, needles }) => (needles.length === 0 ? [] : [[requestId, newId()]])),
    );
    const kept = theirs.flatMap(({ requestId, needles }) =>
      needles.map((needle) => ({ ...needle, requestId, handle: handles.get(requestId)! })),
    );
    await addSubjects(
      tx,
      kept.map(({ holderId }) => holderId),
      SUBJECT_KIND,
    );
    await addNeedles(tx, kept, this.clock.now());
    return handles;
  }

  /** By handle, while their requests are open. */
  byHandles(tenantId: string, handles: readonly string[]): Promise<Map<string, Identifier[]>> {
    return this.uow.run(tenantId, async (tx) => {
      const kept = await needlesByHandles(tx, handles);
      const opened = await this.open(tx, kept);
      const byHandle = new Map<string, Identifier[]>();
      for (const { handle, channel, address } of opened) {
        byHandle.set(handle, [...(byHandle.get(handle) ?? []), { channel, address }]);
      }
      return byHandle;
    });
  }

  /** By request, of whoever was erased: for the sweep. */
  async ofRequests(tx: Tx, requestIds: readonly string[]): Promise<Map<string, Identifier[]>> {
    const opened = await this.open(tx, await needlesOfRequests(tx, requestIds));
    const byRequest = Map.groupBy(opened, ({ requestId }) => requestId);
    return new Map(
      [...byRequest].map(([requestId, theirs]) => [
        requestId,
        theirs.map(({ channel, address }) => ({ channel, address })),
      ]),
    );
  }

  /** They have been searched for, or their days are over. */
  async forget(tx: Tx, requestIds: readonly string[]): Promise<void> {
    const holders = await deleteNeedles(tx, requestIds);
    await this.due.add(tx, HOLDERS, holders, this.inDays(KEY_DAYS));
  }

  private async destroyKey(item: DueItem): Promise<void> {
    const { tenantId, ref: holderId } = item;
    const isHeld = await this.uow.run(tenantId, (tx) => hasNeedles(tx, holderId));
    if (!isHeld) await this.sealing.destroyKeys(tenantId, [holderId]);
    await this.uow.run(tenantId, (tx) => (isHeld ? item.putOff(tx, this.inDays(1)) : item.done(tx)));
  }

  private inDays(days: number): Date {
    return new Date(this.clock.now().getTime() + days * DAY_MS);
  }

  private async open(
    tx: Tx,
    kept: readonly KeptNeedle[],
  ): Promise<(Identifier & { handle: string; requestId: string })[]> {
    const opened = await this.sealing.openMany(
      tx,
      kept.map(({ needleId, holderId, address }) => ({
        subjectId: holderId,
        sealed: address,
        ...placeOf(needleId),
      })),
    );
    return kept.flatMap(({ handle, requestId, channel }, at) => {
      const address = opened[at]?.toString('utf8');
      return address === undefined ? [] : [{ handle, requestId, channel, address }];
    });
  }
}
