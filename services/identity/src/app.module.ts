import { Module } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { CLOCK, SigningKey, type Clock } from '@heed/kernel';
import { AcceptInvitationHttp } from './invitations/accept-invitation.http.js';
import { AcceptInvitation } from './invitations/accept-invitation.js';
import { AccessTokens } from './keys/access-tokens.js';
import { JwksHttp } from './keys/jwks.http.js';
import { RegisterServiceKey } from './keys/register-service-key.js';
import { TokensGrpc } from './keys/tokens.grpc.js';
import { InviteMember } from './members/invite-member.js';
import { MembersGrpc } from './members/members.grpc.js';
import { BootstrapOperator } from './operators/bootstrap-operator.js';
import { OperatorsGrpc } from './operators/operators.grpc.js';
import { PasswordHashing } from './passwords/password-hashing.js';
import { EndSession } from './sessions/end-session.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { SessionsHttp } from './sessions/sessions.http.js';
import { SignIn } from './sessions/sign-in.js';
import { type IdentitySettings } from './settings.js';
import { FoundTenant } from './tenants/found-tenant.js';
import { TenantsGrpc } from './tenants/tenants.grpc.js';

/** The key of access tokens is not that of identity's own service tokens: each can be replaced without the other. */
const accessTokens = {
  provide: AccessTokens,
  inject: [SETTINGS, CLOCK],
  useFactory: (settings: IdentitySettings, clock: Clock) => {
    const create = settings.HEED_ENV !== 'production';
    const key = SigningKey.load(settings.HEED_TOKEN_KEY_FILE, { create });
    return new AccessTokens(key, clock, settings.HEED_ACCESS_TOKEN_TTL);
  },
};

@Module({
  controllers: [
    ...[OperatorsGrpc, TenantsGrpc, MembersGrpc, TokensGrpc],
    ...[SessionsHttp, AcceptInvitationHttp, JwksHttp],
  ],
  providers: [
    accessTokens,
    { provide: PasswordHashing, useFactory: () => new PasswordHashing() },
    ...[BootstrapOperator, FoundTenant, InviteMember, AcceptInvitation, RegisterServiceKey],
    ...[SignIn, RefreshSession, EndSession],
  ],
})
export class AppModule {}
