import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { UnitOfWork, type Tx } from './index.js';

const people = { name: 'people', directory: new URL('../test/migrations/', import.meta.url) };

describe('a statement that is sent and not waited for', () => {
  let test: TestDatabase;
  let uow: UnitOfWork;

  beforeAll(async () => {
    test = await createTestDatabase('contacts', [people]);
    uow = new UnitOfWork(test.open());
  });
  afterAll(() => test.drop());

  const INSERT = {
    name: 'list-insert',
    text: 'insert into list (tenant_id, list_id, name) values ($1, $2, $3)',
  };
  const send = (tx: Tx, name: string, listId = newId()) => tx.send(INSERT, [tx.tenantId, listId, name]);
  const names = async (of: string) =>
    (await uow.run(of, (tx) => tx.query<{ name: string }>('select name from list order by name'))).map(
      (row) => row.name,
    );
  const taken = { sqlstate: '23505', constraint: 'list_pkey' };

  it('takes effect before what comes behind it, and is prepared once a connection', async () => {
    const of = newId();
    await uow.run(of, async (tx) => {
      await send(tx, 'a');
      await send(tx, 'b');
      expect(await tx.query('select name from list')).toHaveLength(2);
      expect(await tx.query("select 1 from pg_prepared_statements where name = 'list-insert'")).toHaveLength(
        1,
      );
    });
    expect(await names(of)).toEqual(['a', 'b']);
  });

  it('fails the transaction with its own error when nothing came behind it but the commit', async () => {
    const of = newId();
    const id = newId();
    const failing = uow.run(of, async (tx) => {
      await send(tx, 'one', id);
      await send(tx, 'two', id);
      tx.afterCommit(() => {
        throw new Error('there was no commit');
      });
    });
    await expect(failing).rejects.toMatchObject(taken);
    expect(await names(of)).toEqual([]);
  });

  it('fails the transaction with its own error, not with that of a statement behind it', async () => {
    const of = newId();
    const id = newId();
    const failing = uow.run(of, async (tx) => {
      await send(tx, 'one', id);
      await send(tx, 'two', id);
      await tx.query('select 1');
    });
    await expect(failing).rejects.toMatchObject(taken);
    const swallowing = uow.run(of, async (tx) => {
      await send(tx, 'one', id);
      await send(tx, 'two', id);
      await tx.query('select 1').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject(taken);
    expect(await names(of)).toEqual([]);
  });

  it('is undone with the savepoint that it is in, which fails with its error', async () => {
    const of = newId();
    const id = newId();
    await uow.run(of, async (tx) => {
      await send(tx, 'before', id);
      const part = tx.savepoint(async (inner) => {
        await send(inner, 'with it');
        await send(inner, 'again', id);
      });
      await expect(part).rejects.toMatchObject(taken);
      await send(tx, 'after');
    });
    expect(await names(of)).toEqual(['after', 'before']);
  });

  it('is answered before a connection is given back', async () => {
    const of = newId();
    const failing = uow.run(of, async (tx) => {
      await send(tx, 'lost');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await names(of)).toEqual([]);
  });
});
