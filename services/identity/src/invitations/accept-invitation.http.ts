import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Describe, PublicRoute, valid } from '@heed/http';
import { z } from 'zod';
import { AcceptInvitation } from './accept-invitation.js';

const acceptBody = z.strictObject({
  invitation_token: z.string().min(1).max(200),
  // How long it must be is a rule of passwords, with a reason of its own.
  password: z.string().min(1).max(1_000),
});

@Controller('/v1/invitations')
export class AcceptInvitationHttp {
  constructor(private readonly accepting: AcceptInvitation) {}

  @Post('accept')
  @PublicRoute()
  @HttpCode(204)
  @Describe({
    summary: 'Sets the password of somebody who was invited.',
    body: acceptBody,
    answers: { 204: { says: 'Set: they can sign in.' } },
  })
  async accept(@Body() body: unknown): Promise<void> {
    const { invitation_token, password } = valid(acceptBody, body);
    await this.accepting.accept(invitation_token, password);
  }
}
