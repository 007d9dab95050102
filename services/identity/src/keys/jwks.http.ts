import { Controller, Get, Header } from '@nestjs/common';
import { Describe, PublicRoute } from '@heed/http';
import { z } from 'zod';
import { AccessTokens, type PublicJwk } from './access-tokens.js';

const keySet = z.object({
  keys: z.array(
    z.object({
      ...{ kty: z.literal('OKP'), crv: z.literal('Ed25519'), alg: z.literal('EdDSA'), use: z.literal('sig') },
      ...{ kid: z.string(), x: z.string() },
    }),
  ),
});

/** The public keys that verify access tokens, those of tokens still out included. SPEC: RFC 7517, section 5. */
@Controller()
export class JwksHttp {
  constructor(private readonly accessTokens: AccessTokens) {}

  @Get('/.well-known/jwks.json')
  @PublicRoute()
  @Describe({
    summary: 'Public keys that verify access tokens (JWKS).',
    answers: { 200: { says: 'The keys.', body: keySet } },
  })
  @Header('cache-control', 'public, max-age=60')
  keySet(): Promise<{ keys: PublicJwk[] }> {
    return this.accessTokens.keySet();
  }
}
