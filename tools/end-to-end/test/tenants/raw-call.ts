import { Client, credentials, Metadata, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import * as contracts from '@heed/contracts';
import { type ServiceName } from '@heed/contracts';
import { SigningKey, systemClock } from '@heed/kernel';
import { ServiceTokenMint } from '@heed/rpc';
import { type SixServices, type Tenant } from '../world/six-services.js';
import { withoutChance } from './answers.js';
import { type IdField } from './id-fields.js';

type Codec = { fromPartial(value: object): object; encode(value: object): { finish(): Uint8Array } };

/** All that a caller learns: status, message, details, and the very bytes of what was answered. */
export interface RawAnswer {
  code: number;
  text: string;
}

/** Calls by path, as somebody whom its rule lets in, and takes the answer as it came. */
export class RawCalls {
  private readonly clients = new Map<ServiceName, Client>();
  private readonly mints = new Map<ServiceName, ServiceTokenMint>();

  constructor(private readonly six: SixServices) {
    six.closing.push(() => this.clients.forEach((client) => client.close()));
  }

  async call({ service, rpc, rule, caller }: IdField, as: Tenant, request: object): Promise<RawAnswer> {
    const method = methodOf(rpc);
    const codec = codecOf(rule.request);
    const bytes = Buffer.from(codec.encode(codec.fromPartial(request)).finish());
    const metadata = new Metadata();
    const token = await this.tokenFor(service, caller, as);
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    const asIs = (value: Buffer): Buffer => value;
    const deadline = systemClock.now().getTime() + 60_000;
    const client = this.clientOf(service);
    return new Promise((resolve) => {
      const received: Buffer[] = [];
      const done = (error: Partial<ServiceError>): void =>
        resolve({
          code: error.code ?? 0,
          text: textOf(
            error,
            received.map((bytes) => comparable(method, bytes)),
          ),
        });
      if (method.responseStream) {
        const both = () => {
          const duplex = client.makeBidiStreamRequest(rpc, asIs, asIs, metadata, { deadline });
          duplex.end(bytes);
          return duplex;
        };
        const stream = method.requestStream
          ? both()
          : client.makeServerStreamRequest(rpc, asIs, asIs, bytes, metadata, { deadline });
        stream.on('data', (chunk: Buffer) => received.push(chunk));
        stream.on('error', done);
        stream.on('end', () => done({}));
      } else {
        client.makeUnaryRequest(rpc, asIs, asIs, bytes, metadata, { deadline }, (error, answer) => {
          if (answer) received.push(answer);
          done(error ?? {});
        });
      }
    });
  }

  /** Of the member, who has every role; or of a service, with the tenant in its token. */
  private async tokenFor(
    service: ServiceName,
    caller: IdField['caller'],
    { tenantId, client }: Tenant,
  ): Promise<string | undefined> {
    if (caller === 'member') return client.bearer();
    const known = this.mints.get(caller);
    const mint =
      known ??
      new ServiceTokenMint(caller, this.six.cluster.service(caller).get(SigningKey as never), systemClock);
    this.mints.set(caller, mint);
    return mint.tokenFor(service, tenantId);
  }

  private clientOf(service: ServiceName): Client {
    const known = this.clients.get(service);
    const target = this.six.cluster.service(service).grpcTarget;
    const client = known ?? new Client(target, credentials.createInsecure());
    this.clients.set(service, client);
    return client;
  }
}

function textOf({ code = 0, details = '', metadata }: Partial<ServiceError>, received: Buffer[]): string {
  const trailers = Object.entries(metadata?.toHttp2Headers() ?? {})
    .filter(([name]) => name.startsWith('grpc-status-details'))
    .map(([name, value]) => `${name}: ${Buffer.from(String(value), 'base64').toString('latin1')}`);
  return [`${code} ${details}`, ...trailers, ...received.map((bytes) => bytes.toString('latin1'))].join('\n');
}

/** The bytes of an answer, encoded anew without what is different each time. */
function comparable(method: MethodDefinition<object, object>, bytes: Buffer): Buffer {
  return method.responseSerialize(withoutChance(method.responseDeserialize(bytes)) as object);
}

function packageOf(fullName: string): Record<string, unknown> {
  const [, name = '', version = ''] = fullName.split('.');
  return (contracts as unknown as Record<string, Record<string, unknown>>)[name + version.toUpperCase()]!;
}

function methodOf(rpc: string): MethodDefinition<object, object> {
  const found = Object.values(packageOf(rpc))
    .flatMap((exported) => (typeof exported === 'object' && exported !== null ? Object.values(exported) : []))
    .find((method: { path?: string }) => method?.path === rpc);
  if (found === undefined) throw new Error(`${rpc} has a rule and no generated code: npm run proto`);
  return found as MethodDefinition<object, object>;
}

function codecOf(fullName: string): Codec {
  return packageOf(fullName)[fullName.split('.').at(-1)!] as Codec;
}
