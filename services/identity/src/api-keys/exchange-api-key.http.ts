import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Describe, PublicRoute, valid } from '@heed/http';
import { z } from 'zod';
import { ExchangeApiKey } from './exchange-api-key.js';

const exchangeBody = z.strictObject({ api_key: z.string().min(1).max(200) });

/** The names are those of RFC 6749, section 5.1. */
const tokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int(),
  scope: z.string(),
});

@Controller('/v1/tokens')
export class ExchangeApiKeyHttp {
  constructor(private readonly exchanging: ExchangeApiKey) {}

  @Post()
  @PublicRoute()
  @HttpCode(200)
  @Describe({
    summary: 'An API key for an access token of five minutes.',
    body: exchangeBody,
    answers: { 200: { says: 'A token.', body: tokenAnswer } },
  })
  async exchange(@Body() body: unknown): Promise<z.infer<typeof tokenAnswer>> {
    const { accessToken, expiresIn, scopes } = await this.exchanging.exchange(
      valid(exchangeBody, body).api_key,
    );
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      scope: scopes.join(' '),
    };
  }
}
