import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  type sendUnaryData,
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { identityV1 } from '@heed/contracts';
import {
  type Clock,
  keyIdOf,
  newId,
  NIL_UUID,
  publicKeyObject,
  SigningKey,
  verifySignature,
} from '@heed/kernel';
import { MEMBER_AUDIENCE, MEMBER_ISSUER } from '@heed/rpc';
import { exportJWK, SignJWT } from 'jose';

export interface MemberTokenOptions {
  tenantId: string;
  memberId?: string;
  /** Default: owner. */
  roles?: string[];
  lifetimeSeconds?: number;
}

type Registration = ServerUnaryCall<
  identityV1.RegisterServiceKeyRequest,
  identityV1.RegisterServiceKeyResponse
>;

/**
 * Takes the place of identity where a spec starts other services without it: the same JWKS over HTTP and the same
 * TokensService over gRPC, and tokens for whomever the spec likes. It keeps nothing.
 */
export class StandInIdentity {
  private readonly key = SigningKey.generate();
  private readonly serviceKeys = new Map<string, identityV1.ServiceKey>();
  private readonly grpc = new GrpcServer();
  private http: HttpServer | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  async start(): Promise<{ grpcTarget: string; httpUrl: string }> {
    this.grpc.addService(identityV1.TokensServiceService, {
      registerServiceKey: (
        call: Registration,
        reply: sendUnaryData<identityV1.RegisterServiceKeyResponse>,
      ) => {
        const { service, publicKey, proof } = call.request;
        if (!verifySignature(publicKey, Buffer.from(`heed service key:${service}`), proof)) {
          reply({ code: 7, details: 'the proof is not this key’s' });
          return;
        }
        reply(null, { keyId: this.register(service, publicKey) });
      },
      listServiceKeys: (_: unknown, reply: sendUnaryData<identityV1.ListServiceKeysResponse>) =>
        reply(null, { keys: [...this.serviceKeys.values()] }),
    });
    const port = await new Promise<number>((resolve, reject) =>
      this.grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const jwk = {
      ...(await exportJWK(publicKeyObject(this.key.publicKey))),
      kid: this.key.keyId,
      alg: 'EdDSA',
    };
    this.http = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => this.http!.listen(0, '127.0.0.1', resolve));
    const { port: httpPort } = this.http.address() as AddressInfo;
    return { grpcTarget: `dns:///127.0.0.1:${port}`, httpUrl: `http://127.0.0.1:${httpPort}` };
  }

  /** Makes a service known, as its start would. */
  register(service: string, publicKey: Buffer): string {
    const keyId = keyIdOf(publicKey);
    this.serviceKeys.set(service, {
      service,
      keyId,
      publicKey,
      registeredAt: this.clock.now().toISOString(),
      retiresAt: '',
      revokedAt: '',
    });
    return keyId;
  }

  memberToken({
    tenantId,
    memberId = newId(),
    roles = ['owner'],
    lifetimeSeconds,
  }: MemberTokenOptions): Promise<string> {
    return this.token({ tid: tenantId, roles, kind: 'member' }, memberId, lifetimeSeconds);
  }

  operatorToken(): Promise<string> {
    return this.token({ tid: NIL_UUID, roles: [], kind: 'operator' }, newId());
  }

  async stop(): Promise<void> {
    this.grpc.forceShutdown();
    this.http?.closeAllConnections();
    await new Promise((resolve) => (this.http ? this.http.close(resolve) : resolve(undefined)));
  }

  private token(claims: Record<string, unknown>, subject: string, lifetimeSeconds = 3_600): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: this.key.keyId })
      .setSubject(subject)
      .setIssuer(MEMBER_ISSUER)
      .setAudience(MEMBER_AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(this.key.privateKey);
  }
}
