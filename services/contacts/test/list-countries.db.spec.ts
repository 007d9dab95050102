import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { addMembers, insertList, membersByCountry } from '../src/lists/list.store.js';
import { ContactsFixture } from './contacts-fixture.js';

describe('where the people of a list live', () => {
  let fixture: ContactsFixture;
  beforeAll(async () => {
    fixture = await ContactsFixture.create();
  });
  afterAll(() => fixture.drop());

  const at = new Date('2026-11-23T09:00:00Z');
  async function listOf(tenantId: string, people: { country?: string; email: string }[]): Promise<string> {
    const listId = newId();
    const members: { listId: string; contactId: string }[] = [];
    for (const { country, email } of people) {
      const { contactId } = await fixture.person(tenantId);
      const setCountry = 'update contact set country = $2 where tenant_id = $1 and contact_id = $3';
      await fixture.rows(tenantId, setCountry, [country ?? null, contactId]);
      await fixture.rows(
        tenantId,
        `insert into endpoint (tenant_id, endpoint_id, contact_id, channel, address, endpoint_hash, normaliser, created_at)
         select tenant_id, $2, contact_id, channel, $3, substring(endpoint_hash for 2) || sha256(endpoint_hash), normaliser, $4 from endpoint
         where tenant_id = $1 and contact_id = $5`,
        [newId(), email, at, contactId],
      );
      members.push({ listId, contactId });
    }
    await fixture.as(tenantId, async (tx) => {
      await insertList(tx, { listId, name: listId }, at);
      await addMembers(tx, members, at);
    });
    return listId;
  }

  it('is counted by what is stated, else by the ending of the newest address, else as unknown', async () => {
    const tenantId = newId();
    const listId = await listOf(tenantId, [
      { country: 'KR', email: 'a@example.com' },
      { country: 'DE', email: 'b@example.kr' },
      { email: 'c@example.co.kr' },
      { email: 'd@example.com' },
      { email: 'e@example.cn' },
    ]);
    await listOf(tenantId, [{ country: 'KR', email: 'f@example.com' }]);
    const counted = await fixture.as(tenantId, (tx) => membersByCountry(tx, listId));
    expect(Object.fromEntries(counted)).toEqual({ KR: 2n, DE: 1n, CN: 1n, '': 1n });
    expect(await fixture.as(newId(), (tx) => membersByCountry(tx, listId))).toEqual(new Map());
  });
});
