import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { migrationsOf } from '@heed/service';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { newRequest, type Request } from '../requests/request.js';
import { addRequests } from '../requests/request.store.js';
import { privacy } from '../service.js';
import { ReadStops } from './read-stops.js';

const AT = new Date('2026-11-27T10:00:00.000Z');

describe('whom open requests silence', () => {
  const tenantId = newId();
  let database: TestDatabase;
  let uow: UnitOfWork;
  beforeAll(async () => {
    database = await createTestDatabase('privacy', migrationsOf(privacy));
    uow = new UnitOfWork(database.open({ entities: [...privacy.entities] }));
  });
  afterAll(() => database?.drop());

  async function kept(more: Partial<Request>, tenant = tenantId): Promise<Request> {
    const request: Request = {
      ...newRequest({
        ...{ requestId: newId(), right: 'ERASURE', state: 'FANNED_OUT', subjectId: newId(), informed: null },
        ...{
          subjectKind: 'contact',
          objects: true,
          verification: 'document',
          takenBy: newId(),
          handle: null,
        },
        receivedAt: AT,
      }),
      ...more,
    };
    await uow.run(tenant, (tx) => addRequests(tx, [request]));
    return request;
  }

  it('2.1 is told to a contacts that was restored, also of whom an erasure waits for a hold', async () => {
    const held = await kept({ state: 'HELD' });
    const restricted = await kept({ right: 'RESTRICTION' });
    await kept({ right: 'ACCESS' });
    await kept({ subjectKind: 'member' });
    const ended = await kept({});
    await kept({}, newId());
    await uow.run(tenantId, (tx) =>
      tx.execute(`update request set state = 'CANCELLED', closed_at = $2 where request_id = $1`, [
        ended.requestId,
        AT,
      ]),
    );
    const told = [];
    for await (const stops of new ReadStops(uow).of(tenantId)) told.push(...stops);
    expect(told).toEqual([
      { contactId: held.subjectId, requestId: held.requestId, restricts: false },
      { contactId: restricted.subjectId, requestId: restricted.requestId, restricts: true },
    ]);
  });
});
