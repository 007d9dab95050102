import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Caller, type Clock, DomainError, NIL_UUID } from '@heed/kernel';
import { type Request } from 'express';
import { ACCESS, type Access } from './access.js';
import { BODY, type BodyKind } from './body.js';

/** A member, program or operator, as a verified token says. `MemberTokens` of libs/rpc is one that verifies. */
export interface MemberVerifier {
  verify(token: string): Promise<{
    kind: 'member' | 'api_key' | 'operator';
    tenantId: string;
    actorId: string;
    onBehalfOf?: string;
    permissions: ReadonlySet<string>;
  }>;
}

const DEFAULT_MS = 30_000;
/** An upload may take its time. */
const STREAMED_MS = 3_600_000;

const callers = new WeakMap<object, Caller>();

/** Whom the guard let in with this request. */
export function callerOf(request: object): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new TypeError('this request has passed no guard');
  return caller;
}

/** Lets in by what the route's decorator says. A route without one has kept the service from starting (routes.ts). */
export class HttpGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(
    private readonly members: MemberVerifier,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets);
    const body = this.reflector.getAllAndOverride<BodyKind | undefined>(BODY, targets);
    const request = context.switchToHttp().getRequest<Request>();
    if (access === undefined) throw new DomainError('ROUTE_WITHOUT_ACCESS', 'internal');
    const time = body?.read === 'not' ? STREAMED_MS : DEFAULT_MS;
    callers.set(request, {
      ...(await this.identify(request, access)),
      deadline: new Date(this.clock.now().getTime() + time),
      method: `${request.method} ${(request.route as { path?: string } | undefined)?.path ?? ''}`,
    });
    return true;
  }

  private async identify(
    request: Request,
    access: Access,
  ): Promise<Pick<Caller, 'kind' | 'tenantId' | 'actorId' | 'onBehalfOf' | 'permissions'>> {
    if ('public' in access) {
      return { kind: 'public', tenantId: NIL_UUID, actorId: 'public', permissions: new Set() };
    }
    const member = await this.members.verify(bearerOf(request));
    if (member.kind === 'operator') {
      throw refused('OPERATOR_NOT_ALLOWED', 'the operator stands outside tenants and may not use this');
    }
    if (member.kind === 'api_key' && !('permission' in access)) {
      throw refused('API_KEY_NOT_ALLOWED', 'an API key may not use this: sign in as a member');
    }
    if ('permission' in access && !member.permissions.has(access.permission)) {
      throw refused('PERMISSION_MISSING', `this needs the permission ${access.permission}`, access);
    }
    return member;
  }
}

function bearerOf(request: Request): string {
  const token = /^bearer +(\S{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined) return token;
  throw new DomainError('TOKEN_MISSING', 'unauthenticated', {
    message: 'send a token: authorization: Bearer <token>',
  });
}

function refused(reason: string, message: string, metadata: Record<string, string> = {}): DomainError {
  return new DomainError(reason, 'permission-denied', { message, metadata });
}
