import { type Metadata } from '@grpc/grpc-js';
import { isServiceName, type RpcRule } from '@heed/contracts';
import { DomainError, NIL_UUID } from '@heed/kernel';
import { claimedIssuer, invalidToken } from './jwt.js';
import { MEMBER_ISSUER, type MemberTokens, type VerifiedMember } from './member-tokens.js';
import { type ServiceTokens, type VerifiedService } from './service-tokens.js';

/** A service that is none of ours, by the key under which it was enrolled. */
export interface VerifiedParticipant extends Omit<VerifiedService, 'kind'> {
  kind: 'participant';
}

export type Identity = VerifiedMember | VerifiedService | VerifiedParticipant | typeof PUBLIC;

export const PUBLIC = { kind: 'public', tenantId: NIL_UUID, actorId: 'public' } as const;

/** A JWT of ours has some 400 characters; what is longer is not worth parsing. */
const LONGEST_TOKEN = 4_096;

/** Establishes who calls, and whether the rule of the RPC lets them. */
export class Authentication {
  constructor(
    private readonly members: Pick<MemberTokens, 'verify'>,
    private readonly services: Pick<ServiceTokens, 'verify'>,
  ) {}

  async identify(metadata: Metadata, rule: RpcRule): Promise<Identity> {
    // No token is looked at where none is needed: signing in must work with an old one in hand.
    if (rule.public) return PUBLIC;
    const token = bearerOf(metadata);
    const issuer = claimedIssuer(token);
    const identity =
      issuer === MEMBER_ISSUER ? await this.members.verify(token) : await this.serviceOf(token, issuer, rule);
    authorise(identity, rule);
    return identity;
  }

  private async serviceOf(
    token: string,
    issuer: string,
    { participants }: RpcRule,
  ): Promise<VerifiedService | VerifiedParticipant> {
    if (isServiceName(issuer)) return this.services.verify(token, issuer);
    // Where they have no business, nobody's key is looked up for a name that somebody made up.
    if (!participants) throw invalidToken();
    return { ...(await this.services.verify(token, issuer)), kind: 'participant' };
  }
}

function bearerOf(metadata: Metadata): string {
  const header = metadata.get('authorization')[0];
  const token = typeof header === 'string' ? /^bearer +(\S+)$/i.exec(header)?.[1] : undefined;
  if (token === undefined || token.length > LONGEST_TOKEN) {
    throw new DomainError('TOKEN_MISSING', 'unauthenticated', {
      message: 'send a token: authorization: Bearer <token>',
    });
  }
  return token;
}

/** Each kind of caller by the part of the rule that names it; what is not named is refused. */
function authorise(identity: Exclude<Identity, typeof PUBLIC>, rule: RpcRule): void {
  switch (identity.kind) {
    case 'service':
      if (rule.callers.includes(identity.service)) return;
      throw refused('CALLER_NOT_ALLOWED', 'this service is not among the callers of the RPC');
    case 'participant':
      // Looked at before the key was: the rule lets them in.
      return;
    case 'operator':
      if (rule.operator) return;
      throw refused('OPERATOR_NOT_ALLOWED', 'the operator stands outside tenants and may not call this');
    case 'api_key':
      // What a member may do about themself is nothing for a program.
      if (rule.permission === '') {
        throw refused('API_KEY_NOT_ALLOWED', 'an API key may not call this: sign in as a member');
      }
      return demandPermission(identity, rule);
    case 'member':
      if (rule.anyMember) return;
      if (rule.permission === '') throw refused('MEMBER_NOT_ALLOWED', 'members may not call this');
      return demandPermission(identity, rule);
  }
}

function demandPermission({ permissions }: VerifiedMember, { permission }: RpcRule): void {
  if (permissions.has(permission)) return;
  throw refused('PERMISSION_MISSING', `this needs the permission ${permission}`, { permission });
}

function refused(reason: string, message: string, metadata: Record<string, string> = {}): DomainError {
  return new DomainError(reason, 'permission-denied', { message, metadata });
}
