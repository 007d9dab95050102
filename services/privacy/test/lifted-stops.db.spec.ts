import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privacyV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { CreateRequest } from '../src/requests/create-request.js';
import { EndRequest } from '../src/requests/end-request.js';
import { Registry } from './registry.js';

describe('stops of requests that were taken back', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await Registry.open();
  });
  afterAll(() => registry.close());

  it('are lifted by one call where many wait, and those of a request that is open stay', async () => {
    const caller = registry.caller(newId());
    const take = async () => {
      const asked = registry.asking({ subjectId: newId(), right: privacyV1.Right.RIGHT_ERASURE });
      return (await registry.get(CreateRequest).create(caller, asked)).request!.requestId;
    };
    const ended = await Promise.all(Array.from({ length: 7 }, take));
    const open = await take();
    for (const requestId of ended) await registry.get(EndRequest).cancel(caller, { requestId });
    const { contacts } = registry.ground;
    expect(contacts.stopped.size).toBe(8);
    await registry.drive(caller.tenantId, ['stops']);
    expect([...contacts.stopped]).toEqual([open]);
    expect(contacts.lifts).toHaveLength(1);
    expect(contacts.lifts[0]!.toSorted()).toEqual(ended.toSorted());
    expect(await registry.sql(`select 1 from heed.due_work where queue = 'stops'`)).toEqual([]);
  });
});
