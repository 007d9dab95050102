import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, type Clock } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { ApiKeysGrpc } from './api-keys/api-keys.grpc.js';
import { CreateApiKey } from './api-keys/create-api-key.js';
import { ExchangeApiKeyHttp } from './api-keys/exchange-api-key.http.js';
import { ExchangeApiKey } from './api-keys/exchange-api-key.js';
import { RevokeApiKey } from './api-keys/revoke-api-key.js';
import { TellAudit } from './audit/tell-audit.js';
import { AcceptInvitationHttp } from './invitations/accept-invitation.http.js';
import { AcceptInvitation } from './invitations/accept-invitation.js';
import { AccessTokens } from './keys/access-tokens.js';
import { JwksHttp } from './keys/jwks.http.js';
import { KeyFile } from './keys/key-file.js';
import { RegisterServiceKey } from './keys/register-service-key.js';
import { RevokeServiceKey } from './keys/revoke-service-key.js';
import { TokenKeys } from './keys/token-keys.js';
import { TokensGrpc } from './keys/tokens.grpc.js';
import { FindByEmail } from './members/find-by-email.js';
import { InviteMember } from './members/invite-member.js';
import { MembersGrpc } from './members/members.grpc.js';
import { UnlockMember } from './members/unlock-member.js';
import { BootstrapOperator } from './operators/bootstrap-operator.js';
import { OperatorsGrpc } from './operators/operators.grpc.js';
import { AskForNotice } from './notices/ask-for-notice.js';
import { AskForReset } from './passwords/ask-for-reset.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { PasswordResetsHttp } from './passwords/password-resets.http.js';
import { ResetPassword } from './passwords/reset-password.js';
import { MemberPeople } from './permits/member-people.js';
import { MemberPermitsGrpc } from './permits/member-permits.grpc.js';
import { VoidPermits } from './permits/void-permits.js';
import { EndSession } from './sessions/end-session.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { SessionsHttp } from './sessions/sessions.http.js';
import { SignIn } from './sessions/sign-in.js';
import { SourceLimit } from './sessions/source-limit.js';
import { type IdentitySettings } from './settings.js';
import { FoundTenant } from './tenants/found-tenant.js';
import { TenantsGrpc } from './tenants/tenants.grpc.js';

/** The key of access tokens is not that of identity's own service tokens: each can be replaced without the other. */
const accessTokens = {
  provide: AccessTokens,
  inject: [SETTINGS, CLOCK, UnitOfWork],
  useFactory: (settings: IdentitySettings, clock: Clock, uow: UnitOfWork) => {
    const file = new KeyFile(settings.HEED_TOKEN_KEY_FILE, { create: settings.HEED_ENV !== 'production' });
    return new AccessTokens(new TokenKeys(uow, clock, file), clock, settings.HEED_ACCESS_TOKEN_TTL);
  },
};

@Module({
  controllers: [
    ...[OperatorsGrpc, TenantsGrpc, MembersGrpc, MemberPermitsGrpc, ApiKeysGrpc, TokensGrpc],
    ...[SessionsHttp, AcceptInvitationHttp, PasswordResetsHttp, ExchangeApiKeyHttp, JwksHttp],
  ],
  providers: [
    accessTokens,
    { provide: PasswordHashing, useFactory: () => new PasswordHashing() },
    { provide: SourceLimit, inject: [CLOCK], useFactory: (clock: Clock) => new SourceLimit(clock) },
    ...[BootstrapOperator, FoundTenant, InviteMember, UnlockMember, AcceptInvitation, RegisterServiceKey],
    RevokeServiceKey,
    ...[AskForNotice, AskForReset, ResetPassword, FindByEmail, MemberPeople, VoidPermits],
    ...[SignIn, RefreshSession, EndSession],
    ...[CreateApiKey, RevokeApiKey, ExchangeApiKey, TellAudit],
  ],
})
export class AppModule {}
