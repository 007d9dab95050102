import { Body, Controller, Delete, Headers, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { Describe, PublicRoute, valid } from '@heed/http';
import { DomainError } from '@heed/kernel';
import { type Request } from 'express';
import { z } from 'zod';
import { type IdentitySettings } from '../settings.js';
import { EndSession } from './end-session.js';
import { type IssuedTokens } from './issue-tokens.js';
import { RefreshSession } from './refresh-session.js';
import { SignIn } from './sign-in.js';
import { sourceOf } from './sign-in-source.js';

// PostgreSQL takes no NUL in a text; such a name or address is nobody's.
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\0]*$/);

const signInBody = z.strictObject({
  /** Slug of the tenant; none for the operator. */
  tenant: text(40).default(''),
  email: text(254).min(1),
  password: z.string().min(1).max(200),
});
const refreshBody = z.strictObject({ refresh_token: z.string().min(1).max(200) });

const tokensAnswer = z.object({
  ...{ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int() },
  ...{ refresh_token: z.string(), refresh_expires_in: z.int() },
});

/** Signing in, staying in, signing out. Public: who comes here has no token yet, or shows what proves them. */
@Controller('/v1/sessions')
@PublicRoute()
export class SessionsHttp {
  constructor(
    private readonly signingIn: SignIn,
    private readonly refreshing: RefreshSession,
    private readonly ending: EndSession,
    @Inject(SETTINGS) private readonly settings: Pick<IdentitySettings, 'HEED_TRUSTED_PROXIES'>,
  ) {}

  @Post()
  @Describe({
    summary: 'Signs in with a password.',
    body: signInBody,
    answers: { 201: { says: 'Signed in.', body: tokensAnswer } },
  })
  signIn(@Body() body: unknown, @Req() request: Request): Promise<IssuedTokens> {
    const { tenant, email, password } = valid(signInBody, body);
    const source = sourceOf(request, this.settings.HEED_TRUSTED_PROXIES);
    return this.signingIn.signIn(tenant, email, password, source);
  }

  @Post('refresh')
  @HttpCode(200)
  @Describe({
    summary: 'New tokens for a refresh token, which is used up.',
    body: refreshBody,
    answers: { 200: { says: 'New tokens.', body: tokensAnswer } },
  })
  refresh(@Body() body: unknown): Promise<IssuedTokens> {
    return this.refreshing.refresh(valid(refreshBody, body).refresh_token);
  }

  /** The session of the access token ends; its refresh token with it. Access tokens go on until they expire. */
  @Delete()
  @HttpCode(204)
  @Describe({
    summary: 'Signs out: the session of the bearer token ends.',
    answers: { 204: { says: 'Over.' } },
  })
  async end(@Headers('authorization') authorization: string | undefined): Promise<void> {
    const token = /^bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new DomainError('TOKEN_MISSING', 'unauthenticated', {
        message: 'send a token: authorization: Bearer <token>',
      });
    }
    await this.ending.end(token);
  }
}
