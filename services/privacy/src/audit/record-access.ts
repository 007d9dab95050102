import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '@heed/postgres';
import { chain, type AuditFact } from './audit-chain.js';
import { appendEntries, knownEntries, lockHead } from './audit.store.js';

/** Writes the audit log. An entry is taken once, however often it is told. */
@Injectable()
export class RecordAccess {
  constructor(private readonly uow: UnitOfWork) {}

  record(tenantId: string, facts: readonly AuditFact[]): Promise<void> {
    return this.uow.run(tenantId, (tx) => this.recordIn(tx, facts));
  }

  /** In the transaction of what is told. */
  async recordIn(tx: Tx, facts: readonly AuditFact[]): Promise<void> {
    const once = [...new Map(facts.map((fact) => [fact.entryId, fact])).values()];
    const head = await lockHead(tx);
    const known = await knownEntries(
      tx,
      once.map(({ entryId }) => entryId),
    );
    await appendEntries(
      tx,
      chain(
        once.filter(({ entryId }) => !known.has(entryId)),
        tx.tenantId,
        head,
      ),
    );
  }
}
