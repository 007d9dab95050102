import { databasePasswords, type FrameSettings, grpcTargetOf, listenAddress } from '@heed/config';
import { datarightsV1, identityV1 } from '@heed/contracts';
import { type Manifest } from '@heed/data-map';
import { busSettingsOf, createEvents, type Events } from '@heed/events';
import { type Clock, NIL_UUID, SigningKey } from '@heed/kernel';
import { type ObjectStore, openObjectStore } from '@heed/objects';
import { UnitOfWork } from '@heed/postgres';
import {
  Admission,
  Authentication,
  GrpcServer,
  Health,
  MemberTokens,
  RequestReplay,
  RpcClients,
  ServiceKeys,
  ServiceTokenMint,
  ServiceTokens,
} from '@heed/rpc';
import { openKeyManagement, RewrapKeys, Sealing } from '@heed/sealing';
import { connectSignals, type Signals } from '@heed/signals';
import { type Logger } from '@heed/telemetry';
import { demandDeclared, manifestOfService } from './data-map.js';
import { type ServiceDefinition } from './definition.js';
import { type Databases, openDatabases } from './open-databases.js';

/** What a service is given before anything of it is opened. */
export interface Ground {
  definition: ServiceDefinition;
  settings: FrameSettings;
  clock: Clock;
  log: Logger;
  /** Told when it turns out that the database was put back. */
  onWentBack(reason: string): void;
}

/** Everything that a service stands on, opened and not yet running. */
export interface Frame extends Ground, Rpc {
  databases: Databases;
  uow: UnitOfWork;
  manifest: Manifest;
  signingKey: SigningKey;
  signals: Signals;
  events: Events;
  replay: RequestReplay;
  sealing: Sealing;
  rewrap: RewrapKeys;
  objects: ObjectStore;
  /** Where copies go that must outlive every backup; undefined where none are made. */
  offsite: ObjectStore | undefined;
}

/** A group had come further, by what Kafka remembers, than its database knows. */
const CURSOR_RESTORED = 'CURSOR_RESTORED';

interface Rpc {
  clients: RpcClients;
  serviceKeys: ServiceKeys;
  members: MemberTokens;
  health: Health;
  grpc: GrpcServer;
}

/** Opens the frame of a service, in an order in which what refuses does so before anything runs. */
export async function openFrame(ground: Ground): Promise<Frame> {
  const { definition, settings, clock, log, onWentBack } = ground;
  const create = settings.HEED_ENV !== 'production';
  // What is declared is checked before it is compared with what is there: its message is the clearer one.
  const manifest = await manifestOfService(definition, settings.HEED_COPIES, settings.HEED_PROCESSORS);
  const signingKey = SigningKey.load(settings.HEED_SIGNING_KEY_FILE, { create });
  const [kms, objects, offsite, databases] = await Promise.all([
    openKeyManagement(masterKeyOf(settings), { create, older: settings.HEED_OLDER_MASTER_KEYS }),
    openObjectStore(settings.HEED_OBJECTS),
    openOffsite(settings),
    openDatabases(definition, settings, log),
  ]);
  try {
    await demandDeclared(manifest, databases.main, databases.keys);
  } catch (error) {
    await Promise.all([databases.main.close(), databases.keys.close()]);
    throw error;
  }
  const uow = new UnitOfWork(databases.main);
  const keys = new UnitOfWork(databases.keys);
  const signals = connectSignals({ url: settings.NATS_URL, clock, log, prefix: settings.HEED_TOPIC_PREFIX });
  const events = createEvents({
    ...{ service: definition.name, work: uow, signals, clock, log },
    database: databases.main,
    bus: busSettingsOf(settings, databasePasswords(settings)),
    onQuarantine: ({ quarantine }) => {
      if (quarantine?.reason === CURSOR_RESTORED) onWentBack(CURSOR_RESTORED);
    },
    onWentBack: () => onWentBack(CURSOR_RESTORED),
  });
  const sealing = new Sealing({ keys, main: uow, kms, clock, signals });
  return {
    ...ground,
    ...rpcOf(ground, signingKey, uow),
    ...{
      databases,
      uow,
      manifest,
      signingKey,
      signals,
      events,
      replay: new RequestReplay(clock),
      sealing,
      rewrap: new RewrapKeys(keys, uow, kms),
      objects,
      offsite,
    },
  };
}

/** With credentials of its own where there are any: whoever can delete objects should not reach what must outlive them. */
async function openOffsite(settings: FrameSettings): Promise<ObjectStore | undefined> {
  const {
    HEED_OFFSITE: url,
    HEED_OFFSITE_ACCESS_KEY_ID: accessKeyId,
    HEED_OFFSITE_SECRET_ACCESS_KEY: secretAccessKey,
  } = settings;
  if (url === undefined) return undefined;
  return openObjectStore(url, accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined);
}

/** A file is for one machine, a keeper outside for several; that there is one is a rule of the settings. */
function masterKeyOf({ HEED_MASTER_KEY: outside, HEED_MASTER_KEY_FILE: file }: FrameSettings): string {
  return outside ?? file!;
}

function rpcOf({ definition, settings, clock, log }: Ground, signingKey: SigningKey, uow: UnitOfWork): Rpc {
  const { name: service } = definition;
  const health = new Health();
  const clients: RpcClients = new RpcClients({
    mint: new ServiceTokenMint(service, signingKey, clock),
    clock,
    // identity registers its key with itself, over the same RPC as everybody else.
    targetOf: (callee) => (callee === service ? ownTarget(settings, grpc) : grpcTargetOf(settings, callee)),
  });
  const serviceKeys = new ServiceKeys(async () => {
    const theirs = (await definition.participantKeys?.(uow)) ?? [];
    // Ours last: whoever enrols with a service's key takes nothing from it.
    return [...theirs, ...(await publishedKeys(clients))];
  }, clock);
  const members = new MemberTokens(settings.HEED_IDENTITY_URL, clock);
  const authentication = new Authentication(members, new ServiceTokens(service, serviceKeys, clock));
  const grpc: GrpcServer = new GrpcServer({
    listen: listenAddress(settings.HEED_GRPC_LISTEN),
    services: [...definition.grpc, datarightsV1.DataRightsServiceService],
    admission: new Admission(authentication, clock),
    health,
    log,
  });
  return { clients, serviceKeys, members, health, grpc };
}

async function publishedKeys(clients: RpcClients) {
  const tokens = clients.of(identityV1.TokensServiceService, 'identity');
  return (await tokens.listServiceKeys({}, { tenantId: NIL_UUID })).keys;
}

function ownTarget(settings: FrameSettings, grpc: GrpcServer): string {
  const { host } = listenAddress(settings.HEED_GRPC_LISTEN);
  return `dns:///${host === '0.0.0.0' ? '127.0.0.1' : host}:${grpc.port}`;
}
