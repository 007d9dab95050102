import { identityV1 } from '@heed/contracts';
import { defineService } from '@heed/service';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { AppModule } from './app.module.js';
import { AuditDueEntity } from './audit/audit-due.entity.js';
import { InvitationEntity } from './invitations/invitation.entity.js';
import { serviceKeyTable } from './keys/service-key.store.js';
import { tokenKeyTable } from './keys/token-key.store.js';
import { OwnPermitRow } from '@heed/permits';
import { MemberNoticeEntity } from './notices/member-notice.entity.js';
import { PasswordResetEntity } from './passwords/password-reset.entity.js';
import { MemberEntity } from './members/member.entity.js';
import { RefreshTokenEntity } from './sessions/refresh-token.entity.js';
import { distrust } from './sessions/distrust.js';
import { SessionEntity } from './sessions/session.entity.js';
import { identitySettings } from './settings.js';
import { tenantTables } from './tenants/tenant.store.js';

export const identity = defineService({
  name: 'identity',
  module: AppModule,
  grpc: [
    identityV1.OperatorsServiceService,
    identityV1.TenantsServiceService,
    identityV1.MembersServiceService,
    identityV1.MemberPermitsServiceService,
    identityV1.ApiKeysServiceService,
    identityV1.TokensServiceService,
  ],
  http: true,
  entities: [
    ...[MemberEntity, InvitationEntity, SessionEntity, RefreshTokenEntity],
    ...[ApiKeyEntity, AuditDueEntity, MemberNoticeEntity, OwnPermitRow, PasswordResetEntity],
  ],
  infrastructure: [...tenantTables, serviceKeyTable, tokenKeyTable],
  resync: { after: distrust },
  migrations: new URL('../migrations/', import.meta.url),
  settings: identitySettings,
});
