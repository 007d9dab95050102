import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endEverywhere } from '../src/sessions/distrust.js';
import { HERE, IdentityFixture, PASSWORD } from './identity-fixture.js';

describe('after a restore of identity', () => {
  let identity: IdentityFixture;
  beforeAll(async () => {
    identity = await IdentityFixture.create();
  });
  afterAll(() => identity?.database.drop());

  it('5.10 no session and no API key of before opens anything, in no tenant; members sign in anew', async () => {
    const tenants = [await identity.tenant(), await identity.tenant()];
    for (const { tenantId, slug, email, ownerId } of tenants) {
      await identity.signIn.signIn(slug, email, PASSWORD, HERE);
      await identity.uow.run(tenantId, (tx) =>
        tx.execute(
          `insert into api_key (tenant_id, api_key_id, member_id, name, scopes, secret_hash, created_at)
           values ($1, gen_random_uuid(), $2, 'key', '{contacts.read}', sha256('x'), $3)`,
          [tenantId, ownerId, identity.clock.now()],
        ),
      );
    }
    await endEverywhere(identity.uow, identity.clock);
    for (const { tenantId, slug, email } of tenants) {
      const open = await identity.uow.run(tenantId, (tx) =>
        tx.query(
          `select (select count(*)::int from session where ended_at is null) as sessions,
                  (select count(*)::int from session where ended_by = 'restored') as ended,
                  (select count(*)::int from api_key where revoked_at is null) as keys`,
        ),
      );
      expect(open).toEqual([{ sessions: 0, ended: 1, keys: 0 }]);
      expect(await identity.signIn.signIn(slug, email, PASSWORD, HERE)).toMatchObject({
        token_type: 'Bearer',
      });
    }
  });
});
