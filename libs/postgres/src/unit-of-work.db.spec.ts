import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isDomainError, newId } from '@heed/kernel';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { addSubjects, UnitOfWork } from './index.js';

describe('a unit of work', () => {
  let test: TestDatabase;
  let uow: UnitOfWork;
  const tenant = newId();

  beforeAll(async () => {
    test = await createTestDatabase('frame');
    uow = new UnitOfWork(test.open());
  });
  afterAll(() => test.drop());

  it('commits', async () => {
    const person = newId();
    await uow.run(tenant, (tx) => addSubjects(tx, [person]));
    const rows = await uow.run(tenant, (tx) => tx.query<{ live: boolean }>('select live from heed.subject'));
    expect(rows).toEqual([{ live: true }]);
    expect(isDomainError(null)).toBe(false);
  });
});
