import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@heed/kernel';
import { gate } from '@heed/testing';
import { lockForNewAddresses, lockNewAddresses } from '../src/contacts/endpoint.store.js';
import { ContactsFixture, reasonOf } from './contacts-fixture.js';

describe('contacts that are created at once', () => {
  let fixture: ContactsFixture;
  const tenantId = newId();
  beforeAll(async () => {
    fixture = await ContactsFixture.create();
  });
  afterAll(() => fixture.drop());

  const email = () => `${newId()}@example.org`;
  const candidates = (address: string) =>
    fixture.hashes.candidates(tenantId, [{ channel: 'email', address, canonical: address }]);

  /** Somebody is in the middle of it; `meanwhile` is done before they end. */
  async function whileHeld(
    lock: Parameters<typeof fixture.as<void>>[1],
    meanwhile: (pid: number) => Promise<void>,
  ): Promise<void> {
    const door = gate();
    let pid = 0;
    const holding = fixture.as(tenantId, async (tx) => {
      await lock(tx);
      pid = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid;
      await door();
    });
    await door.reached;
    try {
      await meanwhile(pid);
    } finally {
      door.open();
      await holding;
    }
  }

  it('do not wait for one another where their addresses are others', async () => {
    const held = await candidates(email());
    await whileHeld(
      (tx) => lockNewAddresses(tx, held),
      async () => {
        await Promise.all(Array.from({ length: 8 }, () => fixture.person(tenantId, { agrees: false })));
      },
    );
  });

  it('wait for whoever makes the same address, and then find it taken', async () => {
    const address = email();
    const held = await candidates(address);
    let created!: Promise<string>;
    await whileHeld(
      (tx) => lockNewAddresses(tx, held),
      async (pid) => {
        created = reasonOf(fixture.person(tenantId, { email: address, agrees: false }));
        await fixture.somebodyWaitsFor(pid);
      },
    );
    expect(await created).toBe('accepted');
    const again = Array.from({ length: 10 }, () =>
      reasonOf(fixture.person(tenantId, { email: address, agrees: false })),
    );
    expect(new Set(await Promise.all(again))).toEqual(new Set(['ENDPOINT_TAKEN']));
  });

  it('are one of ten who come with the same new address', async () => {
    const address = email();
    const said = await Promise.all(
      Array.from({ length: 10 }, () => reasonOf(fixture.person(tenantId, { email: address, agrees: false }))),
    );
    expect(said.filter((one) => one === 'accepted')).toHaveLength(1);
  });

  it('wait for the batch of an import, whichever addresses are in it', async () => {
    let created!: Promise<unknown>;
    await whileHeld(
      (tx) => lockForNewAddresses(tx),
      async (pid) => {
        created = fixture.person(tenantId, { agrees: false });
        await fixture.somebodyWaitsFor(pid);
      },
    );
    await created;
  });
});
