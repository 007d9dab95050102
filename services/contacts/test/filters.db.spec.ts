import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { contactsV1, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { TestClock } from '@heed/testing';
import { entriesBefore, type EntryFilter } from '../src/consent/consent.store.js';
import { importsBefore, type ImportFilter } from '../src/imports/import.store.js';
import { listPage } from '../src/lists/list.store.js';
import { ContactsFixture, reasonOf } from './contacts-fixture.js';

describe('a list of contacts', () => {
  const clock = new TestClock();
  let fixture: ContactsFixture;
  let tenantId: string;
  beforeAll(async () => {
    fixture = await ContactsFixture.create({ clock });
  });
  beforeEach(() => {
    tenantId = newId();
  });
  afterAll(() => fixture.drop());

  /** A second later. */
  const later = (): Date => {
    clock.jump(1_000);
    return clock.now();
  };

  it('is cut to those of a list or country, who were made between two times', async () => {
    const early = await fixture.person(tenantId, { agrees: false });
    const between = later();
    const late = await fixture.person(tenantId, { agrees: false });
    const listId = await fixture.list(tenantId);
    const found = async (filter: Partial<contactsV1.ListContactsRequest>): Promise<string[]> => {
      const request = contactsV1.ListContactsRequest.fromPartial(filter);
      const { contacts } = await fixture.reading.list(fixture.caller(tenantId), request);
      return contacts.map(({ contactId }) => contactId);
    };
    const at = between.toISOString();
    expect(await found({ country: 'GB' })).toEqual([early.contactId, late.contactId]);
    expect(await found({ country: 'DE' })).toEqual([]);
    expect(await found({ createdAfter: at })).toEqual([late.contactId]);
    expect(await found({ createdBefore: at })).toEqual([early.contactId]);
    expect(await found({ createdBefore: at, address: late.email })).toEqual([]);
    expect(await found({ createdAfter: at, listId })).toEqual([]);
    expect(await reasonOf(found({ createdAfter: at, createdBefore: at }))).toBe('INVALID_ARGUMENT');
  });

  it('goes on only under the filter that its token was made under', async () => {
    for (let n = 0; n < 2; n++) await fixture.person(tenantId, { agrees: false });
    const page = (filter: Partial<contactsV1.ListContactsRequest>) =>
      fixture.reading.list(
        fixture.caller(tenantId),
        contactsV1.ListContactsRequest.fromPartial({ pageSize: 1, ...filter }),
      );
    const { nextPageToken: pageToken } = await page({ country: 'GB' });
    expect((await page({ country: 'GB', pageToken })).contacts).toHaveLength(1);
    await expect(page({ pageToken })).rejects.toMatchObject({
      violations: [{ field: 'page_token', reason: 'PAGE_TOKEN_OF_OTHER_FILTER' }],
    });
  });

  it('has lists whose names hold a text, without case, whatever stands in it', async () => {
    for (const name of ['Spring customers', 'Autumn', '100%_sure']) await fixture.list(tenantId, name);
    const named = (nameContains: string) =>
      fixture.as(tenantId, async (tx) =>
        (await listPage(tx, { nameContains, limit: 10 })).map(({ name }) => name),
      );
    expect(await named('CUSTOM')).toEqual(['Spring customers']);
    expect(await named('%_')).toEqual(['100%_sure']);
    expect(await named('')).toHaveLength(3);
    expect(await named('winter')).toEqual([]);
  });

  it('has imports into a list, in a state, begun between two times', async () => {
    const [one, two] = [await fixture.list(tenantId), await fixture.list(tenantId)];
    const into = async (listId: string) =>
      (await fixture.import(tenantId, listId, `email\n${newId()}@example.org\n`)).importId;
    const early = await into(one);
    const between = later();
    const late = await into(two);
    const found = (filter: Partial<ImportFilter>) =>
      fixture.as(tenantId, async (tx) => {
        const all = { listId: undefined, state: undefined, created: {}, ...filter };
        return (await importsBefore(tx, all, undefined, 10)).map(({ importId }) => importId);
      });
    expect(await found({ state: 'completed' })).toEqual([late, early]);
    expect(await found({ state: 'failed' })).toEqual([]);
    expect(await found({ listId: one })).toEqual([early]);
    expect(await found({ created: { from: between } })).toEqual([late]);
    expect(await found({ created: { until: between } })).toEqual([early]);
  });

  it('has entries of the ledger that concern a channel and purpose, the general ones among them', async () => {
    const { contactId } = await fixture.person(tenantId);
    await fixture.consent(tenantId, contactId, typesV1.Channel.CHANNEL_VOICE);
    const between = later();
    await fixture.optOut(tenantId, contactId);
    const found = (filter: Partial<EntryFilter>) =>
      fixture.as(tenantId, async (tx) => {
        const all = {
          contactId,
          channel: '' as const,
          purpose: '',
          state: undefined,
          recorded: {},
          ...filter,
        };
        return (await entriesBefore(tx, all, undefined, 10)).map(({ channel }) => channel);
      });
    expect(await found({})).toEqual(['', 'voice', 'email']);
    expect(await found({ channel: 'email' })).toEqual(['', 'email']);
    expect(await found({ channel: 'email', purpose: 'newsletter' })).toEqual(['', 'email']);
    expect(await found({ purpose: 'reminders' })).toEqual(['']);
    expect(await found({ state: 'granted' })).toEqual(['voice', 'email']);
    expect(await found({ recorded: { from: between } })).toEqual(['']);
    expect(await found({ recorded: { until: between } })).toEqual(['voice', 'email']);
  });
});
