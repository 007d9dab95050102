import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { Module, type DynamicModule, type OnModuleInit, type Type } from '@nestjs/common';
import { SETTINGS } from '@heed/config';
import { privacyV1, topics, type datarightsV1 } from '@heed/contracts';
import { DueWork, SpecialCases } from '@heed/data-rights';
import { Consumers, Outbox, type IncomingEvent } from '@heed/events';
import { CLOCK, newId, SigningKey, type Caller } from '@heed/kernel';
import { UnitOfWork } from '@heed/postgres';
import { RequestReplay, RpcClients, ServiceKeys } from '@heed/rpc';
import { openKeyManagement, Sealing } from '@heed/sealing';
import { migrationsOf, migrationsOfKeys } from '@heed/service';
import { Signals } from '@heed/signals';
import { logger, LOGGER } from '@heed/telemetry';
import { createTestDatabase, TestClock, type MortalProcess, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { BuildPackage } from '../src/access/build-package.js';
import { HoldsModule } from '../src/holds/holds.module.js';
import { CloseRequests } from '../src/answers/close-requests.js';
import { TakeReceipts } from '../src/answers/take-receipts.js';
import { VerifyReceipt } from '../src/answers/verify-receipt.js';
import { privacy } from '../src/index.js';
import { TransparencyLog } from '../src/log/transparency-log.js';
import { IssueOrders } from '../src/orders/issue-orders.js';
import { PermitStops } from '../src/requests/permit-stops.js';
import { RequestsModule } from '../src/requests/requests.module.js';
import { Answering, issuedIn } from './answering.js';

/** What moves a request on. What else is due has its time, which no spec of this waits for. */
const MOVING = [
  ...['seal-erase', 'seal-probe', 'seal-access', 'seal-correct', 'receipts', 'packages', 'exports-spent'],
  'closings',
];

interface Ground {
  database: TestDatabase;
  keysDatabase: TestDatabase;
  folder: string;
  clock: TestClock;
  signing: SigningKey;
  contacts: Answering;
  kms: Awaited<ReturnType<typeof openKeyManagement>>;
  superuser: pg.Pool;
}

@Module({})
class GroundModule {}

/** privacy on real databases, with one service that must answer; its bus is the spec. */
export class Registry {
  private handle!: (tx: never, events: never) => Promise<void>;

  private constructor(
    readonly ground: Ground,
    private readonly module: TestingModule,
  ) {}

  static async open(): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), 'heed-registry-'));
    const clock = new TestClock();
    const [database, keysDatabase, kms, contacts] = await Promise.all([
      createTestDatabase('privacy', migrationsOf(privacy)),
      createTestDatabase('privacy', migrationsOfKeys),
      openKeyManagement(join(folder, 'master.key'), { create: true }),
      Answering.open(clock),
    ]);
    const superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 1 });
    superuser.on('error', () => undefined);
    const signing = SigningKey.generate();
    return Registry.on({ database, keysDatabase, folder, clock, signing, contacts, kms, superuser });
  }

  /** A process beside this one, on the same databases, that may die of what it does. */
  inProcess(mortal: MortalProcess): Promise<Registry> {
    return Registry.on(this.ground, mortal);
  }

  private static async on(ground: Ground, mortal?: MortalProcess): Promise<Registry> {
    const { database, keysDatabase, clock, kms, signing, contacts, folder } = ground;
    const open = (of: TestDatabase, options = {}) => {
      const opened = of.open(options);
      return new UnitOfWork(mortal ? mortal.with(opened) : opened);
    };
    const work = open(database, { entities: [...privacy.entities] });
    const log = logger({ service: 'privacy' }, { write: () => undefined });
    let handle: Registry['handle'] | undefined;
    const given = new Map<unknown, unknown>([
      [CLOCK, clock],
      [LOGGER, log],
      [UnitOfWork, work],
      [SigningKey, signing],
      [RpcClients, { of: () => clientOf(contacts, mortal) }],
      [ServiceKeys, { publicKeyOf: async () => contacts.key.publicKey }],
      [Signals, { publish: () => undefined }],
      [RequestReplay, new RequestReplay(clock)],
      [SpecialCases, new SpecialCases()],
      [Sealing, new Sealing({ keys: open(keysDatabase), main: work, kms, clock })],
      [DueWork, new DueWork({ work, clock, log, parallel: 1 })],
      [Outbox, new Outbox({ service: 'privacy', topics, clock, committed: () => undefined })],
      [Consumers, { add: (consumer: { handle: Registry['handle'] }) => (handle = consumer.handle) }],
      [
        SETTINGS,
        {
          ...{ HEED_ANSWERING_SERVICES: ['contacts'], HEED_ENV: 'test', HEED_LOG_ORIGIN: 'heed.test/log' },
          HEED_LOG_KEY_FILE: join(folder, 'log.key'),
        },
      ],
    ]);
    const module = await Test.createTestingModule({
      imports: [groundModule(given), RequestsModule, HoldsModule],
    }).compile();
    const registry = new Registry(ground, module);
    for (const served of [IssueOrders, VerifyReceipt, CloseRequests, BuildPackage, PermitStops])
      registry.get<OnModuleInit>(served).onModuleInit();
    registry.get(TakeReceipts).onApplicationBootstrap();
    await registry.get(TransparencyLog).onModuleInit();
    registry.handle = handle!;
    return registry;
  }

  get<T>(type: Type<T>): T {
    return this.module.get(type, { strict: false });
  }

  get work(): UnitOfWork {
    return this.get(UnitOfWork as unknown as Type<UnitOfWork>);
  }

  caller(tenantId: string): Caller {
    return {
      ...{ kind: 'member', tenantId, actorId: newId(), permissions: new Set(['requests.write']) },
      ...{ method: '/heed.privacy.v1.RequestsService/CreateRequest', deadline: new Date(8.64e15) },
    };
  }

  asking(more: Partial<privacyV1.CreateRequestRequest>): privacyV1.CreateRequestRequest {
    return privacyV1.CreateRequestRequest.fromPartial({
      ...{ requestId: newId(), verification: 'document', ...more },
    });
  }

  /** All that can be done about it now: what is due, and whatever the service answers to that. */
  async drive(tenantId: string, queues: readonly string[] = MOVING): Promise<void> {
    const heard = new Set<string>();
    const due = this.get(DueWork as unknown as Type<DueWork>);
    for (;;) {
      await due.runDue(queues);
      const fresh = (await this.issued(tenantId)).filter(({ id }) => !heard.has(id));
      if (fresh.length === 0) return;
      for (const { id, issued } of fresh) {
        heard.add(id);
        await this.deliver(tenantId, this.ground.contacts.carryOut(issued));
      }
    }
  }

  /** Behind everybody's back. */
  async sql<R extends object>(sql: string, params: unknown[] = []): Promise<R[]> {
    return (await this.ground.superuser.query(sql, params)).rows as R[];
  }

  async close(): Promise<void> {
    const { superuser, database, keysDatabase, folder } = this.ground;
    await superuser.end();
    await Promise.all([database.drop(), keysDatabase.drop()]);
    await rm(folder, { recursive: true, force: true });
  }

  private async issued(tenantId: string): Promise<{ id: string; issued: datarightsV1.OrdersIssued }[]> {
    const rows = await this.sql<{ id: string; payload: Buffer }>(
      `select id, payload from heed.outbox where topic = 'heed.privacy.order.v1' and tenant_id = $1 order by seq`,
      [tenantId],
    );
    return rows.map(({ id, payload }) => ({ id, issued: issuedIn(payload) }));
  }

  /** As the inbox would hand it to the consumer, in its transaction. */
  private deliver(tenantId: string, data: datarightsV1.Receipt): Promise<void> {
    const event = { data, tenantId } as unknown as IncomingEvent<datarightsV1.ReceiptSigned>;
    return this.work.run(tenantId, (tx) => this.handle(tx as never, [event] as never));
  }
}

function groundModule(given: ReadonlyMap<unknown, unknown>): DynamicModule {
  return {
    ...{ module: GroundModule, global: true, exports: [...given.keys()] as Type[] },
    providers: [...given].map(([provide, useValue]) => ({ provide: provide as Type, useValue })),
  };
}

/** Each call is a step of the process. */
function clientOf({ rpc }: Answering, mortal: MortalProcess | undefined): object {
  const call = (name: string, request: unknown): Promise<unknown> =>
    mortal ? mortal.step(`rpc ${name}`, () => rpc[name]!(request as never)) : rpc[name]!(request as never);
  return new Proxy(
    {},
    {
      get: (_, name: string) =>
        name === 'fetchExport'
          ? async function* (request: unknown) {
              yield* (await call(name, request)) as Iterable<unknown>;
            }
          : (request: unknown) => call(name, request),
    },
  );
}
