import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { PublicRoute, valid } from '@heed/http';
import { z } from 'zod';
import { ExchangeApiKey } from './exchange-api-key.js';

const exchangeBody = z.strictObject({ api_key: z.string().min(1).max(200) });

/** The names are those of RFC 6749, section 5.1. */
interface TokenAnswer {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

@Controller('/v1/tokens')
export class ExchangeApiKeyHttp {
  constructor(private readonly exchanging: ExchangeApiKey) {}

  @Post()
  @PublicRoute()
  @HttpCode(200)
  async exchange(@Body() body: unknown): Promise<TokenAnswer> {
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
