import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { type Clock, newId, publicKeyObject, SigningKey } from '@heed/kernel';

export interface TokenClaims {
  sub?: string;
  tid?: string;
  roles?: string[];
  kind?: string;
  iss?: string;
  aud?: string;
  lifetimeSeconds?: number;
  key?: SigningKey;
  kid?: string;
}

/** A real HTTP server that publishes keys as identity does, and the tokens signed with them. */
export class Issuer {
  readonly tenantId = newId();
  readonly memberId = newId();
  key = SigningKey.generate();
  published: SigningKey[] = [this.key];
  fetches = 0;
  isDown = false;
  private server: Server | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  async start(): Promise<string> {
    this.server = createServer((_, response) => {
      this.fetches += 1;
      if (this.isDown) return void response.writeHead(503).end();
      void Promise.all(this.published.map((key) => jwk(key))).then((keys) =>
        response.end(JSON.stringify({ keys })),
      );
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  rotate(): void {
    this.key = SigningKey.generate();
    this.published = [this.key];
  }

  token(claims: TokenClaims = {}): Promise<string> {
    const key = claims.key ?? this.key;
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({
      tid: 'tid' in claims ? claims.tid : this.tenantId,
      roles: claims.roles ?? ['agent'],
      kind: claims.kind ?? 'member',
    })
      .setProtectedHeader({ alg: 'EdDSA', kid: claims.kid ?? key.keyId })
      .setSubject(claims.sub ?? this.memberId)
      .setIssuer(claims.iss ?? 'heed.identity')
      .setAudience(claims.aud ?? 'heed')
      .setIssuedAt(now)
      .setExpirationTime(now + (claims.lifetimeSeconds ?? 900))
      .sign(key.privateKey);
  }
}

async function jwk(key: SigningKey) {
  return { ...(await exportJWK(publicKeyObject(key.publicKey))), kid: key.keyId, alg: 'EdDSA', use: 'sig' };
}
