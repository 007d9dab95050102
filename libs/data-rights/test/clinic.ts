import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  datarightsV1,
  HoldChanged,
  type OrdersIssued,
  type privacyV1,
  ReceiptSigned,
  topics,
} from '@heed/contracts';
import {
  asItWas,
  declareStore,
  manifestOf,
  NotPersonal,
  Personal,
  retain,
  SubjectData,
  type DeclaredStore,
  type Manifest,
} from '@heed/data-map';
import { eventMigrations, Outbox, type Consumer, type Consumers, type IncomingEvent } from '@heed/events';
import { DomainError, newId, SigningKey } from '@heed/kernel';
import { openObjectStore, type ObjectStore } from '@heed/objects';
import { addSubjects, entityShapes, UnitOfWork, type MigrationSource, type Tx } from '@heed/postgres';
import { openKeyManagement, Sealing, storesOfSealing, subjectKeyMigrations } from '@heed/sealing';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type MortalProcess, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  DataRights,
  dataRightsEntities,
  dataRightsMigrations,
  DueWork,
  receiptFromWire,
  signOrders,
  SpecialCases,
  type Correction,
  type Identifier,
  type Opening,
  type Receipt,
} from '../src/index.js';
import { type Sought } from '../src/sweep/run-sweeps.js';

const ours: MigrationSource = { name: 'clinic', directory: new URL('./migrations/', import.meta.url) };

@Entity({ name: 'patient' })
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: 'correct' })
class Patient {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') contactId!: string;
  @Column('text') @Personal({ category: 'user.name', purpose: 'essential.service' }) name!: string;
}

@Entity({ name: 'letter' })
@SubjectData({ subject: 'contact_id', onErasure: 'delete', onCorrection: asItWas('letter_as_sent') })
class Letter {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') @NotPersonal() letterId!: string;
  @Column('uuid') contactId!: string;
  @Column('bytea', { nullable: true })
  @Personal({ category: 'user.content.private', purpose: 'essential.service', sealed: true })
  body!: Buffer;
  @Column('timestamptz') @NotPersonal() writtenAt!: Date;
}

@Entity({ name: 'visit' })
@SubjectData({
  subject: 'contact_id',
  onErasure: 'anonymise',
  onCorrection: asItWas('record_of_visits'),
  also: 'member_id',
  anonymiseColumns: ['appointment_id'],
})
class Visit {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') @NotPersonal() visitId!: string;
  @Column('uuid', { nullable: true }) contactId!: string;
  @Column('uuid', { nullable: true }) memberId!: string;
  @Column('uuid', { nullable: true }) @NotPersonal() appointmentId!: string;
  @Column('text', { nullable: true })
  @Personal({ category: 'user.health_and_medical', purpose: 'essential.service' })
  complaint!: string;
  @Column('int') @NotPersonal() minutes!: number;
}

@Entity({ name: 'invoice' })
@SubjectData({
  subject: 'contact_id',
  onErasure: retain('tax_record', { days: 30 }),
  onCorrection: 'correct',
})
class Invoice {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('uuid') @NotPersonal() invoiceId!: string;
  @Column('uuid') contactId!: string;
  @Column('text', { nullable: true })
  @Personal({ category: 'user.name', purpose: 'essential.service.payment_processing' })
  addressee!: string;
}

export const SERVICE = 'telephony';

export interface Ordered {
  subjectId: string;
  orderId: string;
  requestId: string;
  orderNumber: number;
  handle?: string;
  corrects?: boolean;
}

export async function clinicManifest(...others: DeclaredStore[]): Promise<Manifest> {
  return manifestOf({
    service: SERVICE,
    entities: await entityShapes([Patient, Letter, Visit, Invoice, ...dataRightsEntities]),
    stores: [
      ...storesOfSealing,
      declareStore({
        kind: 'object',
        name: 'x-rays',
        description: 'pictures',
        categories: ['user.health_and_medical'],
        sealed: false,
      }),
      declareStore({ kind: 'hashes', name: 'barred', description: 'who stays away', ground: 'objection' }),
      declareStore({
        ...{ kind: 'retired', name: 'index-cards', description: 'on paper once', was: 'table' },
        since: '2026-11-01',
      }),
      declareStore({
        ...{ kind: 'retired', name: 'films', description: 'from before x-rays', was: 'object' },
        since: '2026-11-01',
      }),
      declareStore({ kind: 'copy', name: 'backups', description: 'base backups', expiresAfterDays: 35 }),
      ...others,
    ],
  });
}

/** A service with one table of each kind, on real databases, folders and keys; its bus is the spec. */
export class Clinic {
  readonly tenant: string;
  readonly privacyKey: SigningKey;
  readonly ownKey: SigningKey;
  readonly special = new SpecialCases();
  /** How many hashes are kept about whom. */
  readonly barred = new Map<string, number>();
  /** What privacy says that people are reached at, by handle. */
  readonly reachedAt = new Map<string, Identifier[]>();
  /** What privacy says that people want corrected, by handle, and how often it was asked. */
  readonly corrected = new Map<string, Correction[]>();
  asked = 0;
  /** Whom privacy says that a sweep is for. */
  sought: Sought[] = [];
  readonly due: DueWork;
  readonly rights: DataRights;
  readonly sealing: Sealing;
  private superuser: pg.Pool | undefined;
  private handle!: Consumer<typeof OrdersIssued>['handle'];
  private handleHolds!: Consumer<typeof HoldChanged>['handle'];

  private constructor(
    readonly manifest: Manifest,
    readonly database: TestDatabase,
    private readonly keysDatabase: TestDatabase,
    readonly work: UnitOfWork,
    private readonly keys: UnitOfWork,
    private readonly kms: Awaited<ReturnType<typeof openKeyManagement>>,
    readonly objects: ObjectStore,
    private readonly folder: string,
    readonly clock: TestClock,
    { tenant, privacyKey, ownKey }: Pick<Clinic, 'tenant' | 'privacyKey' | 'ownKey'> = {
      tenant: newId(),
      privacyKey: SigningKey.generate(),
      ownKey: SigningKey.generate(),
    },
  ) {
    this.tenant = tenant;
    this.privacyKey = privacyKey;
    this.ownKey = ownKey;
    this.special.addHashes('barred', async () => this.barred);
    this.sealing = new Sealing({ keys, main: work, kms, clock });
    this.due = new DueWork({ work, clock, log: logger({}, { write: () => undefined }) });
    this.rights = new DataRights({
      service: SERVICE,
      manifest,
      work,
      outbox: new Outbox({ service: SERVICE, topics, clock, committed: () => undefined }),
      keys: {
        publicKeyOf: async (service, keyId) =>
          service === 'privacy' && keyId === this.privacyKey.keyId ? this.privacyKey.publicKey : undefined,
      },
      signing: this.ownKey,
      identifiers: { ofHandles: async () => this.reachedAt },
      corrections: { ofHandle: (_tenant, handle) => this.correctionsOf(handle) },
      needles: { ofSweep: async () => this.sought },
      sweepPauseMs: 0,
      ...{ sealing: this.sealing, objects, due: this.due, special: this.special, clock },
    });
    const consumers = {
      add: (consumer: { event: unknown; handle: never }) => {
        if (consumer.event === HoldChanged) this.handleHolds = consumer.handle;
        else this.handle = consumer.handle;
      },
    };
    this.rights.listen(consumers as unknown as Consumers);
  }

  private async correctionsOf(handle: string): Promise<Correction[]> {
    this.asked += 1;
    const found = this.corrected.get(handle);
    if (!found) throw new DomainError('HANDLE_NOT_FOUND', 'not-found');
    return found;
  }

  static async open(...others: DeclaredStore[]): Promise<Clinic> {
    const folder = await mkdtemp(join(tmpdir(), 'heed-clinic-'));
    const [manifest, main, keys, kms, objects] = await Promise.all([
      clinicManifest(...others),
      createTestDatabase(SERVICE, [eventMigrations, dataRightsMigrations, ours]),
      createTestDatabase(SERVICE, [subjectKeyMigrations]),
      openKeyManagement(join(folder, 'master.key'), { create: true }),
      openObjectStore(objectsIn(folder)),
    ]);
    const work = new UnitOfWork(main.open());
    const keysWork = new UnitOfWork(keys.open());
    return new Clinic(manifest, main, keys, work, keysWork, kms, objects, folder, new TestClock());
  }

  /** A process beside this one, on the same databases and folders, that may die of what it does. */
  async inProcess(mortal: MortalProcess): Promise<Clinic> {
    const { manifest, database, keysDatabase, kms, folder, clock } = this;
    const work = new UnitOfWork(mortal.with(database.open()));
    const keys = new UnitOfWork(mortal.with(keysDatabase.open()));
    const objects = await openObjectStore(objectsIn(folder));
    mortal.through(objects, 'put', 'get', 'exists', 'delete');
    const beside = new Clinic(
      manifest,
      database,
      keysDatabase,
      work,
      keys,
      kms,
      objects,
      folder,
      clock,
      this,
    );
    for (const [handle, corrections] of this.corrected) beside.corrected.set(handle, corrections);
    return beside;
  }

  async close(): Promise<void> {
    await this.superuser?.end();
    await Promise.all([this.database.drop(), this.keysDatabase.drop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A patient with a row in each table and two pictures. */
  async admit(id = newId(), member = newId(), tenant = this.tenant): Promise<string> {
    const letter = newId();
    const place = { table: 'letter', row: letter, column: 'body' };
    const body = await this.sealing.seal(tenant, id, place, Buffer.from(`Dear ${id}`));
    await this.work.run(tenant, async (tx) => {
      await addSubjects(tx, [id]);
      await addSubjects(tx, [member], 'member');
      const insert = (sql: string, ...rest: unknown[]): Promise<number> =>
        tx.execute(sql, [tenant, id, ...rest]);
      await insert(`insert into patient (tenant_id, contact_id, name) values ($1, $2, 'Ada')`);
      await insert(
        `insert into letter (tenant_id, contact_id, letter_id, body, written_at) values ($1, $2, $3, $4, $5)`,
        ...[letter, body, this.clock.now()],
      );
      await insert(
        `insert into visit (tenant_id, contact_id, visit_id, member_id, appointment_id, complaint, minutes)
         values ($1, $2, $3, $4, $5, 'cough', 10), ($1, $2, $6, null, $5, 'fever', 20)`,
        ...[newId(), member, newId(), newId()],
      );
      await insert(
        `insert into invoice (tenant_id, contact_id, invoice_id, addressee) values ($1, $2, $3, 'Ada')`,
        newId(),
      );
    });
    for (const picture of ['1', '2']) {
      await this.objects.put(`x-rays/${tenant}/${id}/${picture}`, Buffer.from(`picture ${picture}`));
    }
    return id;
  }

  order(subjectId: string, orderNumber = 1, requestId = newId()): Ordered {
    return { subjectId, orderNumber, orderId: newId(), requestId };
  }

  issue(
    action: datarightsV1.Action,
    orders: readonly Ordered[],
    more: Partial<datarightsV1.OrderBatch> = {},
    key = this.privacyKey,
  ): datarightsV1.OrdersIssued {
    const batch: datarightsV1.OrderBatch = {
      batchId: newId(),
      tenantId: this.tenant,
      action,
      orders: orders.map((order) => ({
        ...order,
        orderNumber: BigInt(order.orderNumber),
        subjectKind: datarightsV1.SubjectKind.SUBJECT_KIND_CONTACT,
        aliases: [],
        handle: order.handle ?? '',
        corrects: order.corrects ?? action === datarightsV1.Action.ACTION_CORRECT,
        objects: false,
      })),
      issuedAt: this.clock.now().toISOString(),
      manifests: { [SERVICE]: this.manifest.version },
      ...more,
    };
    return signOrders(batch, key);
  }

  /** What another process would have, that hears no signal. */
  deafProcess(): Sealing {
    return new Sealing({ keys: this.keys, main: this.work, kms: this.kms, clock: this.clock });
  }

  /** As the inbox would hand it to the consumer, in its transaction. */
  deliver(data: datarightsV1.OrdersIssued, tenant = this.tenant): Promise<void> {
    const event = { data, tenantId: tenant } as IncomingEvent<datarightsV1.OrdersIssued>;
    return this.work.run(tenant, (tx) => this.handle(tx, [event]));
  }

  tellHolds(...told: readonly privacyV1.HoldChanged[]): Promise<void> {
    const events = told.map(
      (data) => ({ data, tenantId: this.tenant }) as IncomingEvent<privacyV1.HoldChanged>,
    );
    return this.work.run(this.tenant, (tx) => this.handleHolds(tx, events));
  }

  /** Orders and carries out, past the time that memories may hold a key. */
  async carryOut(action: datarightsV1.Action, orders: readonly Ordered[]): Promise<Answered> {
    const issued = this.issue(action, orders);
    await this.deliver(issued);
    await this.finish();
    return this.signed(issued.batchId);
  }

  /** A probe waits for transactions anywhere on the server, those of other specs too. */
  async signed(batchId: string): Promise<Answered> {
    for (;;) {
      const answered = await this.answered(batchId).catch(() => undefined);
      if (answered) return answered;
      await this.clock.advance(50);
      await this.due.runDue();
    }
  }

  async finish(): Promise<void> {
    await this.due.runDue();
    await this.clock.advance(11_000);
    await this.due.runDue();
  }

  async answered(batchId: string): Promise<Answered> {
    return this.work.run(this.tenant, async (tx) => {
      const receipt = await this.rights.receipts.find(tx, batchId);
      if (!receipt) throw new Error('not signed yet');
      return { receipt, openings: await this.rights.receipts.openings(tx, batchId) };
    });
  }

  /** The receipts that were published, oldest first. */
  async published(): Promise<Receipt[]> {
    const rows = await this.asSuperuser<{ payload: Buffer }>('select payload from heed.outbox order by seq');
    return rows.map(({ payload }) => receiptFromWire(ReceiptSigned[SERVICE].codec.decode(payload)));
  }

  rows<R extends object>(sql: string, tenant = this.tenant): Promise<R[]> {
    return this.work.run(tenant, (tx: Tx) => tx.query<R>(sql));
  }

  /** Behind everybody's back. */
  async asSuperuser<R extends object>(sql: string, params: unknown[] = []): Promise<R[]> {
    if (!this.superuser) {
      this.superuser = new pg.Pool({ connectionString: this.database.superuserUrl, max: 1 });
      // Its database is dropped by force, sometimes before the server has seen that the connection was closed.
      this.superuser.on('error', () => undefined);
    }
    return (await this.superuser.query(sql, params)).rows as R[];
  }
}

function objectsIn(folder: string): string {
  return pathToFileURL(join(folder, 'objects')).href;
}

export interface Answered {
  receipt: Receipt;
  openings: Opening[];
}

/** What a statement says, store by store: `{ patient: 'ERASED 1' }`. */
export function said({ openings }: Answered, at = 0): Record<string, string> {
  const { entries } = JSON.parse(openings[at]!.statement.toString()) as {
    entries: { store: string; outcome: string; count: number; detail: string }[];
  };
  return Object.fromEntries(
    entries.map(({ store, outcome, count, detail }) => [
      store.replace(`${SERVICE}.`, ''),
      [outcome, ...(count ? [count] : []), ...(detail ? [detail] : [])].join(' '),
    ]),
  );
}

export const ERASE = datarightsV1.Action.ACTION_ERASE;
export const PROBE = datarightsV1.Action.ACTION_PROBE;
export const ACCESS = datarightsV1.Action.ACTION_ACCESS;
export const RESTRICT = datarightsV1.Action.ACTION_RESTRICT;
export const LIFT = datarightsV1.Action.ACTION_LIFT;
export const CORRECT = datarightsV1.Action.ACTION_CORRECT;
