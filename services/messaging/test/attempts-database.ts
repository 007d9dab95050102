import { randomBytes } from 'node:crypto';
import { newId } from '@heed/kernel';
import { type PermitProof } from '@heed/permits';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { attemptIdOf, type Dispatch } from '../src/dispatch/attempt.js';
import { AttemptStore } from '../src/dispatch/attempt.store.js';
import { messaging } from '../src/service.js';

export const at = new Date('2026-11-23T09:00:00Z');

/** The database of messaging alone, for specs of its stores. */
export class AttemptsDatabase {
  readonly tenantId = newId();
  uow!: UnitOfWork;
  private database!: TestDatabase;

  async open(): Promise<void> {
    this.database = await createTestDatabase('messaging', migrationsOf(messaging));
    this.uow = new UnitOfWork(this.database.open({ entities: [...messaging.entities] }));
  }

  drop(): Promise<void> {
    return this.database.drop();
  }

  /** Attempts that wait, with their people. */
  async queued(count: number, tenantId = this.tenantId): Promise<Dispatch[]> {
    const dispatches = Array.from({ length: count }, () => dispatch());
    await this.uow.run(tenantId, async (tx) => {
      await addSubjects(
        tx,
        dispatches.map(({ contactId }) => contactId),
      );
      await new AttemptStore().enqueue(tx, dispatches, at);
    });
    return dispatches;
  }

  async rows(): Promise<
    { attempt_id: string; state: string; outcome: string | null; sender_id: string | null }[]
  > {
    const database = this.database.open();
    const { rows } = await database.pool('probe').query('select * from attempt order by row_id');
    await database.close();
    return rows;
  }
}

export function dispatch(): Dispatch {
  const intentId = newId();
  return {
    attemptId: attemptIdOf(intentId),
    intentId,
    campaignId: newId(),
    contactId: newId(),
    purpose: 'news',
    templateId: newId(),
    try: 1,
    step: 1,
    deferrals: 0,
    traceparent: undefined,
  };
}

export function proof(): PermitProof {
  return {
    issuer: 'contacts',
    permitId: newId(),
    endpointId: newId(),
    consentEntryId: newId(),
    leaf: Buffer.from('{}'),
    leafIndex: 0,
    treeSize: 1,
    path: [randomBytes(32), randomBytes(32)],
    root: randomBytes(32),
    signature: randomBytes(64),
    keyId: 'a'.repeat(16),
  };
}
