import { Controller, Get, Header } from '@nestjs/common';
import { PublicRoute } from '@heed/http';
import { AccessTokens, type PublicJwk } from './access-tokens.js';

/** The public keys that verify access tokens, those of tokens still out included. SPEC: RFC 7517, section 5. */
@Controller()
export class JwksHttp {
  constructor(private readonly accessTokens: AccessTokens) {}

  @Get('/.well-known/jwks.json')
  @PublicRoute()
  @Header('cache-control', 'public, max-age=60')
  keySet(): Promise<{ keys: PublicJwk[] }> {
    return this.accessTokens.keySet();
  }
}
