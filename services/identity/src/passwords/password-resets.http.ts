import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { Describe, PublicRoute, valid } from '@heed/http';
import { type Request } from 'express';
import { z } from 'zod';
import { sourceOf } from '../sessions/sign-in-source.js';
import { type IdentitySettings } from '../settings.js';
import { AskForReset } from './ask-for-reset.js';
import { ResetPassword } from './reset-password.js';

// PostgreSQL takes no NUL in a text; such a name or address is nobody's.
const text = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\0]*$/);

const askBody = z.strictObject({ tenant: text(40), email: text(254) });
const acceptBody = z.strictObject({
  reset_token: z.string().min(1).max(200),
  // How long it must be is a rule of passwords, with a reason of its own.
  password: z.string().min(1).max(1_000),
});

/** For who does not know their password. Public: nobody who comes here can sign in. */
@Controller('/v1/password-resets')
@PublicRoute()
export class PasswordResetsHttp {
  constructor(
    private readonly asking: AskForReset,
    private readonly resetting: ResetPassword,
    @Inject(SETTINGS) private readonly settings: Pick<IdentitySettings, 'HEED_TRUSTED_PROXIES'>,
  ) {}

  @Post()
  @HttpCode(202)
  @Describe({
    summary: 'Mails a link that sets another password to whoever has an account with this address.',
    body: askBody,
    answers: { 202: { says: 'Whether there is such an account, the answer does not tell.' } },
  })
  async ask(@Body() body: unknown, @Req() request: Request): Promise<void> {
    const { tenant, email } = valid(askBody, body);
    await this.asking.ask(tenant, email, sourceOf(request, this.settings.HEED_TRUSTED_PROXIES));
  }

  @Post('accept')
  @HttpCode(204)
  @Describe({
    summary: 'Sets another password with the token of such a link. All sessions of the account end.',
    body: acceptBody,
    answers: { 204: { says: 'Set: they can sign in.' } },
  })
  async setPassword(@Body() body: unknown): Promise<void> {
    const { reset_token, password } = valid(acceptBody, body);
    await this.resetting.reset(reset_token, password);
  }
}
