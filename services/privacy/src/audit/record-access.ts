import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DueWork, type DueItem } from '@heed/data-rights';
import { CLOCK, type Clock } from '@heed/kernel';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { chain, type AuditFact } from './audit-chain.js';
import {
  addPending,
  appendEntries,
  isAnyPending,
  knownEntries,
  lockHead,
  takePending,
} from './audit.store.js';

const CHAIN = 'audit-chain';
/** The queue of AnchorChain: a tenant whose chain has grown. */
export const ANCHOR = 'audit-anchor';
/** What is added within this time shares a leaf of the log. */
const ANCHORED_WITHIN_MS = 10 * 60_000;
/** How long an entry waits for others: they are chained together. */
const TOGETHER_MS = 200;
/** In one transaction. */
const MOST = 1_000;

/**
 * Writes the audit log. An entry is taken once, however often it is told. It is kept in the transaction of what is told
 * and chained soon afterwards, or before anybody reads: chained at once, all that a tenant does would wait in line at
 * the end of its chain, each until the commit of the one before.
 */
@Injectable()
export class RecordAccess implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly due: DueWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.due.serve(CHAIN, (item) => this.chainDue(item));
  }

  record(tenantId: string, facts: readonly AuditFact[]): Promise<void> {
    return this.uow.run(tenantId, (tx) => this.recordIn(tx, facts));
  }

  /** In the transaction of what is told. */
  async recordIn(tx: Tx, facts: readonly AuditFact[]): Promise<void> {
    const once = [...new Map(facts.map((fact) => [fact.entryId, fact])).values()];
    const [first] = once;
    if (!first) return;
    await addPending(tx, once);
    const at = new Date(this.clock.now().getTime() + TOGETHER_MS);
    await this.due.add(tx, CHAIN, [first.entryId], at);
  }

  /** Before anybody reads: what was told until now is in the chain. */
  async chainNow(tenantId: string): Promise<void> {
    for (let chained = MOST; chained === MOST;) {
      chained = await this.uow.run(tenantId, async (tx) => (await this.chainWaiting(tx)).length);
    }
  }

  private async chainWaiting(tx: Tx): Promise<AuditFact[]> {
    if (!(await isAnyPending(tx))) return [];
    const head = await lockHead(tx);
    const waiting = await takePending(tx, MOST);
    const known = await knownEntries(
      tx,
      waiting.map(({ entryId }) => entryId),
    );
    await appendEntries(
      tx,
      chain(
        waiting.filter(({ entryId }) => !known.has(entryId)),
        tx.tenantId,
        head,
      ),
    );
    const anchoredBy = new Date(this.clock.now().getTime() + ANCHORED_WITHIN_MS);
    await this.due.add(tx, ANCHOR, [tx.tenantId], anchoredBy);
    return waiting;
  }

  private chainDue(item: DueItem): Promise<void> {
    return this.uow.run(item.tenantId, async (tx) => {
      const chained = await this.chainWaiting(tx);
      await this.due.spare(
        tx,
        CHAIN,
        item.ref,
        chained.map(({ entryId }) => entryId),
      );
      if (chained.length === MOST) return item.putOff(tx, this.clock.now());
      return item.done(tx);
    });
  }
}
