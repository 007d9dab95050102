import { randomInt } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type EventType, type ServiceName, SERVICES, topics } from '@heed/contracts';
import { eventMigrations, Outbox } from '@heed/events';
import { type Clock, SigningKey, systemClock } from '@heed/kernel';
import { addSubjects, UnitOfWork } from '@heed/postgres';
import { memberClient, type MemberClient, RpcClients, ServiceTokenMint } from '@heed/rpc';
import {
  migrationsOf,
  migrationsOfKeys,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@heed/service';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type MemberTokenOptions, StandInIdentity } from './stand-in-identity.js';

export interface ClusterOptions {
  clock?: Clock;
  /** Settings beyond those that every service has here. */
  env?: Record<string, string>;
  /** NATS for signals; off without. */
  natsUrl?: string;
  /** Takes the lines of all logs. */
  write?: (line: string) => void;
  /** Services that do not run here and yet are listened to: each needs a database. Default: all others. */
  producers?: readonly ServiceName[];
}

/** Some of the six services in this process, each on databases of its own, over real gRPC, HTTP and the embedded bus. */
export interface Cluster {
  service(name: ServiceName): RunningService;
  database(name: ServiceName): TestDatabase;
  keysDatabase(name: ServiceName): TestDatabase;
  /** The token of a member. Only where identity is not among the services: then one signs in. */
  memberToken(options: MemberTokenOptions): Promise<string>;
  operatorToken(): Promise<string>;
  /** The public API of a service with such a token. */
  asMember(service: ServiceName, options: MemberTokenOptions | { token: string }): Promise<MemberClient>;
  /** Clients as a service that does not run here has them. */
  asService(name: ServiceName): RpcClients;
  /** An event as its producer would write it, where that does not run here. */
  publish<T>(tenantId: string, type: EventType<T>, ...data: T[]): Promise<void>;
  /** What a service has told the others so far, of one type, in order. */
  published<T>(type: EventType<T>, by?: ServiceName): Promise<T[]>;
  /** Kills a service, as SIGKILL would, and starts it again on the same addresses and databases. */
  restart(name: ServiceName): Promise<RunningService>;
  stop(): Promise<void>;
}

interface Member {
  definition: ServiceDefinition;
  main: TestDatabase;
  keys: TestDatabase;
  env: Record<string, string>;
  running?: RunningService;
}

export async function startCluster(
  definitions: readonly ServiceDefinition[],
  {
    clock = systemClock,
    env = {},
    natsUrl,
    write = () => undefined,
    producers = SERVICES,
  }: ClusterOptions = {},
): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'heed-cluster-'));
  const closing: (() => Promise<unknown> | void)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<Cluster> {
    const present = new Map<string, ServiceDefinition>(
      definitions.map((definition) => [definition.name, definition]),
    );
    const standIn = present.has('identity') ? undefined : new StandInIdentity(clock);
    const identity = await standIn?.start();
    if (standIn) closing.push(() => standIn.stop());

    const databases = new Map<ServiceName, { main: TestDatabase; keys?: TestDatabase }>();
    closing.push(() =>
      Promise.all([...databases.values()].flatMap(({ main, keys }) => [main.drop(), keys?.drop()])),
    );
    const makeDatabases = async (name: ServiceName): Promise<void> => {
      const definition = present.get(name);
      const [main, keys] = await Promise.all([
        // A service that is not here still has an outbox: specs write into it what the others are to hear.
        createTestDatabase(name, definition ? migrationsOf(definition) : [eventMigrations]),
        definition && createTestDatabase(name, migrationsOfKeys),
      ]);
      databases.set(name, { main, keys });
    };
    await Promise.all(
      SERVICES.filter((name) => present.has(name) || producers.includes(name)).map(makeDatabases),
    );
    const members = new Map<ServiceName, Member>();
    const ports = new Map<ServiceName, { grpc: number; http: number }>();
    for (const definition of definitions)
      ports.set(definition.name, { grpc: await freePort(), http: await freePort() });
    for (const definition of definitions) {
      const { main, keys } = databases.get(definition.name)!;
      const own = settingsOf(definition.name, ports, folder);
      members.set(definition.name, {
        definition,
        main,
        keys: keys!,
        env: {
          ...own,
          HEED_DATABASE_URL: main.url,
          HEED_KEYS_DATABASE_URL: keys!.url,
          HEED_DATABASE_PASSWORD: main.passwords,
          HEED_BUS_SOURCES: [...databases]
            .map(
              ([
                name,
                {
                  main: { url },
                },
              ]) => `${name}=${url}`,
            )
            .join(','),
          ...(identity && { HEED_IDENTITY_GRPC: identity.grpcTarget, HEED_IDENTITY_URL: identity.httpUrl }),
          ...(natsUrl && { NATS_URL: natsUrl }),
          ...env,
        },
      });
    }
    const member = (name: ServiceName): Member => {
      const found = members.get(name);
      if (found === undefined) throw new Error(`${name} does not run in this cluster`);
      return found;
    };
    const launch = async (name: ServiceName): Promise<RunningService> => {
      const { definition, env: settings } = member(name);
      return (member(name).running = await startService(definition, settings, { clock, write }));
    };
    closing.push(() => Promise.all([...members.values()].map(({ running }) => running?.stop())));
    // The others register their keys with identity: it comes first, as it would have had to.
    if (members.has('identity')) await launch('identity');
    await Promise.all([...members.keys()].filter((name) => name !== 'identity').map(launch));

    const outside = new Map<ServiceName, { clients: RpcClients }>();
    const demandStandIn = (): StandInIdentity => {
      if (standIn) return standIn;
      throw new Error('identity runs in this cluster: sign in for a token');
    };
    const clientOf = async (service: ServiceName, options: MemberTokenOptions | { token: string }) => {
      const token = 'token' in options ? options.token : await demandStandIn().memberToken(options);
      const client = memberClient({ target: member(service).running!.grpcTarget, token, clock });
      closing.push(() => client.close());
      return client;
    };
    return {
      service: (name) => member(name).running!,
      database: (name) => databases.get(name)!.main,
      keysDatabase: (name) => member(name).keys,
      memberToken: async (options) => demandStandIn().memberToken(options),
      operatorToken: async () => demandStandIn().operatorToken(),
      asMember: clientOf,
      asService: (name) => {
        let known = outside.get(name);
        if (known === undefined) {
          const key = SigningKey.generate();
          demandStandIn().register(name, key.publicKey);
          const mint = new ServiceTokenMint(name, key, clock);
          const targetOf = (callee: string) => member(callee as ServiceName).running!.grpcTarget;
          known = { clients: new RpcClients({ targetOf, mint, clock, timeoutMs: PATIENCE_MS }) };
          outside.set(name, known);
          const { clients } = known;
          closing.push(() => clients.close());
        }
        return known.clients;
      },
      publish: async (tenantId, type, ...data) => {
        const producer = type.producer as ServiceName;
        if (members.has(producer)) throw new Error(`${producer} runs here: let it publish its own events`);
        const database = databases.get(producer)!.main.open();
        const outbox = new Outbox({ service: producer, topics, clock, committed: () => undefined });
        await new UnitOfWork(database).run(tenantId, async (tx) => {
          // An ordered event takes its number from its subject's row, which its producer would have.
          const { ordered, subjectField } = type;
          if (ordered && subjectField)
            await addSubjects(
              tx,
              data.map((item) => String(item[subjectField])),
            );
          await outbox.addAll(
            tx,
            type,
            data.map((item) => ({ data: item })),
          );
        });
        // As the producer's embedded bus would: consumers here are woken, and need not come to their next look.
        await database.pool('relay').query('notify heed_outbox');
        await database.close();
      },
      published: async (type, by = type.producer as ServiceName) => {
        const database = databases.get(by)!.main.open();
        const { rows } = await database
          .pool('relay')
          .query<{ payload: Buffer }>('select payload from heed.outbox where type = $1 order by seq', [
            type.name,
          ]);
        await database.close();
        return rows.map(({ payload }) => type.codec.decode(payload));
      },
      restart: async (name) => {
        await member(name).running!.kill();
        return launch(name);
      },
      stop,
    };
  }
}

/** Of who calls from outside: other specs keep the machine busy. */
const PATIENCE_MS = 60_000;

/** What every service is told here, besides its databases. */
function settingsOf(
  name: ServiceName,
  ports: ReadonlyMap<ServiceName, { grpc: number; http: number }>,
  folder: string,
): Record<string, string> {
  const { grpc, http } = ports.get(name)!;
  const targets = [...ports].map(([other, port]) => [
    `HEED_${other.toUpperCase()}_GRPC`,
    `dns:///127.0.0.1:${port.grpc}`,
  ]);
  return {
    HEED_ENV: 'test',
    HEED_GRPC_LISTEN: `127.0.0.1:${grpc}`,
    HEED_HTTP_LISTEN: `127.0.0.1:${http}`,
    HEED_PUBLIC_URL: `http://127.0.0.1:${http}`,
    ...(Object.fromEntries(targets) as Record<string, string>),
    HEED_IDENTITY_URL: `http://127.0.0.1:${ports.get('identity')?.http ?? 0}`,
    HEED_BUS: 'embedded',
    HEED_SIGNING_KEY_FILE: join(folder, `${name}.pem`),
    HEED_TOKEN_KEY_FILE: join(folder, 'tokens.pem'),
    HEED_LOG_KEY_FILE: join(folder, 'log.pem'),
    HEED_MASTER_KEY_FILE: join(folder, 'master.key'),
    HEED_REGISTRATION_SECRET: 'registration secret of a spec',
    HEED_BOOTSTRAP_SECRET: 'bootstrap secret of a spec',
    HEED_OBJECTS: pathToFileURL(join(folder, 'objects', name)).href,
  };
}

/**
 * Ports of this worker's own, below those that the kernel gives to connections and to whoever listens on port 0: from
 * being chosen to being bound it takes seconds, and a service that is killed comes back on the same one.
 */
const FIRST_PORT = 26_000;
const PORTS_OF_A_WORKER = 800;
const WORKERS = 8;
let lastPort = randomInt(PORTS_OF_A_WORKER);

async function freePort(): Promise<number> {
  const worker = Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS;
  for (let tries = 0; tries < PORTS_OF_A_WORKER; tries += 1) {
    lastPort = (lastPort + 1) % PORTS_OF_A_WORKER;
    const port = FIRST_PORT + worker * PORTS_OF_A_WORKER + lastPort;
    if (await isFree(port)) return port;
  }
  throw new Error('no free TCP port on 127.0.0.1 is left for this worker');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
