import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkCatalogue, manifestOf } from '@heed/data-map';
import { entityShapes, infrastructureOfFrame } from '@heed/postgres';
import { createTestDatabase, type TestDatabase } from '@heed/testing';
import { ApiKeyEntity } from '../src/api-keys/api-key.entity.js';
import { AuditDueEntity } from '../src/audit/audit-due.entity.js';
import { tokenKeyTable } from '../src/keys/token-key.store.js';
import { serviceKeyTable } from '../src/keys/service-key.store.js';
import { tenantTables } from '../src/tenants/tenant.store.js';
import { InvitationEntity } from '../src/invitations/invitation.entity.js';
import { OwnPermitRow } from '@heed/permits';
import { MemberNoticeEntity } from '../src/notices/member-notice.entity.js';
import { PasswordResetEntity } from '../src/passwords/password-reset.entity.js';
import { MemberEntity } from '../src/members/member.entity.js';
import { RefreshTokenEntity } from '../src/sessions/refresh-token.entity.js';
import { SessionEntity } from '../src/sessions/session.entity.js';
import { migrations } from './identity-fixture.js';

describe('the data map of identity', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('identity', [migrations]);
  });
  afterAll(() => database.drop());

  it('I4 says all that the database holds, and the database holds what it says', async () => {
    const manifest = manifestOf({
      service: 'identity',
      entities: await entityShapes([
        ...[MemberEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
        ...[ApiKeyEntity, AuditDueEntity, MemberNoticeEntity, OwnPermitRow, PasswordResetEntity],
      ]),
      infrastructure: [...infrastructureOfFrame, ...tenantTables, serviceKeyTable, tokenKeyTable],
    });
    expect(await checkCatalogue(database.open().pool('probe'), manifest)).toEqual([]);
  });
});
