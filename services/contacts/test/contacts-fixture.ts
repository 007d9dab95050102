import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactsV1, topics, typesV1 } from '@heed/contracts';
import { subjectTablesOf } from '@heed/data-map';
import { DueWork, SpecialCases, type Order } from '@heed/data-rights';
import { Outbox, type GroupState } from '@heed/events';
import { newId, SigningKey, type Caller, type Clock } from '@heed/kernel';
import { lockSubjectsForErasure, raiseFence, UnitOfWork, type Database, type Tx } from '@heed/postgres';
import { RequestReplay } from '@heed/rpc';
import { openKeyManagement, Sealing } from '@heed/sealing';
import { manifestOfService, migrationsOf, migrationsOfKeys } from '@heed/service';
import { SignalsOff, type SignalData, type Unsubscribe } from '@heed/signals';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type MortalProcess, type TestDatabase } from '@heed/testing';
import pg from 'pg';
import { AuditTrail } from '../src/audit/audit-trail.js';
import { Evidence } from '../src/consent/evidence.js';
import { HeardFrom } from '../src/consent/heard-from.js';
import { RecordConsent } from '../src/consent/record-consent.js';
import { RecordOptOut } from '../src/consent/record-opt-out.js';
import { RulesInForce } from '../src/contact-rules/rules-in-force.js';
import { UpdateContactRules } from '../src/contact-rules/update-contact-rules.js';
import { AddressHashes } from '../src/contacts/address-hashes.js';
import { CreateContact } from '../src/contacts/create-contact.js';
import { ReadContacts } from '../src/contacts/read-contacts.js';
import { EraseAddresses } from '../src/erasure/erase-addresses.js';
import { CancelImport } from '../src/imports/cancel-import.js';
import { ImportWorker } from '../src/imports/import-worker.js';
import { type Import } from '../src/imports/import.js';
import { importById } from '../src/imports/import.store.js';
import { MergeBatch } from '../src/imports/merge-batch.js';
import { ReceiveImport } from '../src/imports/receive-import.js';
import { RejectedFile } from '../src/imports/rejected-file.js';
import { FollowLink } from '../src/links/follow-link.js';
import { OptOutLinks } from '../src/links/opt-out-links.js';
import { CreateList } from '../src/lists/create-list.js';
import { Durability } from '../src/permits/durability.js';
import { IssuePermits } from '../src/permits/issue-permits.js';
import { PermitDays } from '../src/permits/permit-days.js';
import { type Ask } from '../src/permits/permit.js';
import { ExplainPermit } from '../src/permits/explain-permit.js';
import { LiftStops } from '../src/permits/lift-stops.js';
import { Quarantine } from '../src/permits/quarantine.js';
import { ReturnPermits } from '../src/permits/return-permits.js';
import { StopPermits } from '../src/permits/stop-permits.js';
import { contacts } from '../src/service.js';
import { ConfirmSignUp } from '../src/sign-ups/confirm-sign-up.js';
import { CreateSignUpForm } from '../src/sign-ups/create-sign-up-form.js';
import { ForgetSignUps } from '../src/sign-ups/forget-sign-ups.js';
import { ReceiveSignUp } from '../src/sign-ups/receive-sign-up.js';
import { SignUpLinks } from '../src/sign-ups/sign-up-links.js';
import { SignUpPermits } from '../src/sign-ups/sign-up-permits.js';
import { AddSuppressions } from '../src/suppression/add-suppressions.js';
import { FormAddresses } from '../src/suppression/form-addresses.js';
import { Revocations } from '../src/suppression/revocations.js';
import { RotateKey } from '../src/suppression/rotate-key.js';

export const PUBLIC_URL = 'https://links.example.org';

/** Signals without a wire: heard at once, and kept for a spec to look at. */
class HeardSignals extends SignalsOff {
  readonly heard: { subject: string; data: SignalData }[] = [];
  private readonly handlers = new Map<string, (data: SignalData, subject: string) => void>();

  override publish(subject?: string, data?: SignalData): void {
    if (!subject || !data) return;
    this.heard.push({ subject, data });
    this.handlers.get(subject)?.(data, subject);
  }

  override subscribe(subject?: string, handler?: (data: SignalData, subject: string) => void): Unsubscribe {
    if (subject && handler) this.handlers.set(subject, handler);
    return () => undefined;
  }
}

/** The use cases of contacts on databases of their own, at a time that the spec moves. */
export class ContactsFixture {
  readonly signals = new HeardSignals();
  readonly key = SigningKey.generate();
  readonly uow: UnitOfWork;
  readonly sealing: Sealing;
  readonly hashes: AddressHashes;
  readonly createList: CreateList;
  readonly createContact: CreateContact;
  readonly reading: ReadContacts;
  readonly recordConsent: RecordConsent;
  readonly recordOptOut: RecordOptOut;
  readonly links: OptOutLinks;
  readonly followLink: FollowLink;
  readonly signUpLinks: SignUpLinks;
  readonly createForm: CreateSignUpForm;
  readonly receiveSignUp: ReceiveSignUp;
  readonly confirmSignUp: ConfirmSignUp;
  readonly issuePermits: IssuePermits;
  readonly stopPermits: StopPermits;
  readonly liftStops: LiftStops;
  readonly returnPermits: ReturnPermits;
  readonly explainPermit: ExplainPermit;
  readonly updateContactRules: UpdateContactRules;
  readonly worker: ImportWorker;
  /** As another process would have it. */
  readonly otherWorker: (clock?: Clock) => ImportWorker;
  readonly receiving: ReceiveImport;
  readonly rejected: RejectedFile;
  readonly cancel: CancelImport;
  readonly erasing: EraseAddresses;
  /** Durable work of this process: done when a spec says so. */
  readonly due: DueWork;
  readonly audit: AuditTrail;
  readonly addSuppressions: AddSuppressions;
  readonly rotateKey: RotateKey;
  /** States of groups that contacts reads; a spec puts one into quarantine. */
  readonly groups: GroupState[] = [];
  private readonly quarantine = new Quarantine({ states: () => this.groups });

  private constructor(
    readonly clock: Clock,
    readonly main: TestDatabase,
    readonly keys: TestDatabase,
    readonly database: Database,
    keysDatabase: Database,
    private readonly kms: Awaited<ReturnType<typeof openKeyManagement>>,
    private readonly folder: string,
    private readonly environment: 'test' | 'production',
  ) {
    const log = logger({ service: 'contacts' }, { write: () => undefined });
    const uow = (this.uow = new UnitOfWork(database, () => undefined));
    const outbox = new Outbox({ service: 'contacts', topics, clock, committed: () => undefined });
    const replay = new RequestReplay(clock);
    const revocations = new Revocations(this.signals);
    const sealing = (this.sealing = new Sealing({
      keys: new UnitOfWork(keysDatabase),
      main: uow,
      kms,
      clock,
    }));
    this.due = new DueWork({ work: uow, clock, log });
    // privacy is not here: what is told waits.
    this.audit = new AuditTrail(uow, this.due, undefined as never, clock);
    const evidence = new Evidence(sealing, uow, clock, log);
    this.hashes = new AddressHashes(sealing);
    this.createList = new CreateList(uow, replay, clock);
    this.createContact = new CreateContact(uow, replay, this.hashes, clock);
    this.reading = new ReadContacts(uow, this.hashes);
    this.recordConsent = new RecordConsent(uow, replay, evidence, outbox, clock);
    this.links = new OptOutLinks(sealing, uow, { HEED_PUBLIC_URL: PUBLIC_URL });
    const heardFrom = new HeardFrom(this.links, this.hashes);
    this.recordOptOut = new RecordOptOut(uow, replay, evidence, heardFrom, outbox, revocations, clock);
    this.followLink = new FollowLink(uow, this.links, this.hashes, outbox, revocations, clock);
    this.signUpLinks = new SignUpLinks(sealing, uow, { HEED_PUBLIC_URL: PUBLIC_URL });
    this.createForm = new CreateSignUpForm(uow, replay, this.signUpLinks, this.audit, clock);
    this.confirmSignUp = new ConfirmSignUp(uow, this.hashes, sealing, outbox, clock);
    this.issuePermits = this.issuerOn(uow);
    this.stopPermits = new StopPermits(uow, revocations, clock);
    this.liftStops = new LiftStops(uow);
    this.returnPermits = new ReturnPermits(uow, clock);
    this.explainPermit = new ExplainPermit(uow, this.quarantine, clock);
    this.updateContactRules = new UpdateContactRules(uow, this.audit, clock);
    this.otherWorker = (at = clock) =>
      new ImportWorker(uow, new MergeBatch(outbox, this.hashes, at), at, log);
    this.worker = this.otherWorker();
    this.receiving = new ReceiveImport(uow, this.hashes, this.worker, clock);
    this.rejected = new RejectedFile(uow, clock);
    this.cancel = new CancelImport(uow, this.worker, clock);
    this.receiveSignUp = new ReceiveSignUp(uow, this.hashes, sealing, outbox, this.due, clock);
    new ForgetSignUps(uow, sealing, this.due, clock).onModuleInit();
    const forming = new FormAddresses(uow, this.hashes, this.due);
    this.addSuppressions = new AddSuppressions(uow, this.hashes, forming, revocations, this.audit, clock);
    this.rotateKey = new RotateKey(uow, sealing, forming, this.due, this.audit, clock, log);
    forming.onModuleInit();
    this.rotateKey.onModuleInit();
    this.erasing = new EraseAddresses(new SpecialCases(), this.hashes, outbox, clock);
  }

  static async create({
    clock = new TestClock() as Clock,
    environment = 'test' as 'test' | 'production',
    poolSizes = {},
  } = {}): Promise<ContactsFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'heed-contacts-'));
    const [main, keys, kms] = await Promise.all([
      createTestDatabase('contacts', migrationsOf(contacts)),
      createTestDatabase('contacts', migrationsOfKeys),
      openKeyManagement(join(folder, 'master.key'), { create: true }),
    ]);
    const database = main.open({ entities: [...contacts.entities], poolSizes });
    const fixture = new ContactsFixture(clock, main, keys, database, keys.open(), kms, folder, environment);
    await fixture.tendDays();
    return fixture;
  }

  /** Makes the partitions of the days to come, as an hourly timer of the service does. */
  async tendDays(): Promise<void> {
    const days = new PermitDays(this.uow, this.clock, logger({}, { write: () => undefined }));
    await days.start();
    await days.onModuleDestroy();
  }

  /** A process beside this one, on the same databases, that may die of what it does. */
  inProcess(mortal: MortalProcess): ContactsFixture {
    const { clock, main, keys, kms, folder, environment } = this;
    const database = mortal.with(main.open({ entities: [...contacts.entities] }));
    return new ContactsFixture(
      clock,
      main,
      keys,
      database,
      mortal.with(keys.open()),
      kms,
      folder,
      environment,
    );
  }

  async drop(): Promise<void> {
    await this.worker.onModuleDestroy();
    await Promise.all([this.main.drop(), this.keys.drop()]);
    await rm(this.folder, { recursive: true });
  }

  issuerOn(uow: UnitOfWork): IssuePermits {
    const durability = new Durability({ HEED_ENV: this.environment });
    const rules = new RulesInForce();
    const log = logger({ service: 'contacts' }, { write: () => undefined });
    const signUps = new SignUpPermits(uow, this.sealing, this.hashes, this.signUpLinks, this.clock, log);
    return new IssuePermits(
      ...([uow, this.links, this.key, this.quarantine, durability, rules, signUps, this.clock] as const),
    );
  }

  caller(tenantId: string, more: Partial<Caller> = {}): Caller {
    return {
      ...{
        kind: 'member',
        tenantId,
        actorId: newId(),
        permissions: new Set<string>(),
        method: '/test/Method',
      },
      deadline: new Date(this.clock.now().getTime() + 60_000),
      ...more,
    };
  }

  as<T>(tenantId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.uow.run(tenantId, work);
  }

  rows<R extends object>(tenantId: string, sql: string, params: unknown[] = []): Promise<R[]> {
    return this.as(tenantId, (tx) => tx.query<R>(sql, [tenantId, ...params]));
  }

  async list(tenantId: string, name = `list ${newId()}`): Promise<string> {
    const { list } = await this.createList.create(this.caller(tenantId), { requestId: newId(), name });
    return list!.listId;
  }

  /** A person with an address of their own, who agreed to the newsletter by email unless told otherwise. */
  async person(
    tenantId: string,
    { email = `${newId()}@example.org`, phone = '', agrees = true } = {},
  ): Promise<{ contactId: string; email: string }> {
    const { contact } = await this.createContact.create(this.caller(tenantId), {
      ...{
        requestId: newId(),
        firstName: 'Ada',
        lastName: 'Okafor',
        country: 'GB',
        email,
        phone,
        listIds: [],
      },
    });
    const { contactId } = contact!;
    if (agrees) await this.consent(tenantId, contactId);
    return { contactId, email };
  }

  /** So many, one after the other: in the order of their ids. */
  async people(
    tenantId: string,
    count: number,
    traits: (n: number) => { phone?: string } = () => ({}),
  ): Promise<{ contactId: string; email: string }[]> {
    const people: { contactId: string; email: string }[] = [];
    while (people.length < count) people.push(await this.person(tenantId, traits(people.length)));
    return people;
  }

  async consent(
    tenantId: string,
    contactId: string,
    channel = typesV1.Channel.CHANNEL_EMAIL,
    more: Partial<contactsV1.RecordConsentRequest> = {},
  ): Promise<void> {
    await this.recordConsent.record(this.caller(tenantId), {
      ...{ requestId: newId(), contactId, channel, purpose: 'newsletter', basis: 'consent' },
      ...{ saidAt: '', evidence: '', sender: '' },
      ...more,
    });
  }

  optOut(
    tenantId: string,
    contactId: string,
    more: Partial<contactsV1.RecordOptOutRequest> = {},
  ): Promise<contactsV1.RecordOptOutResponse> {
    return this.recordOptOut.record(this.caller(tenantId), {
      ...{
        requestId: newId(),
        contactId,
        channel: typesV1.Channel.CHANNEL_UNSPECIFIED,
        purpose: '',
        evidence: '',
        ...{ heardFrom: undefined, sender: '' },
      },
      source: contactsV1.ConsentSource.CONSENT_SOURCE_AGENT,
      ...more,
    });
  }

  ask(contactId: string, more: Partial<Ask> = {}): Ask {
    return {
      ...{ attemptId: newId(), contactId, channel: 'email', purpose: 'newsletter', fields: ['first_name'] },
      ...{ tracking: false, sender: 'news@acme.example' },
      nonce: Buffer.from(newId().replaceAll('-', ''), 'hex'),
      ...more,
    };
  }

  issue(tenantId: string, ...asks: Ask[]): Promise<contactsV1.BatchIssuePermitsResponse> {
    const deadline = new Date(this.clock.now().getTime() + 1_000);
    return this.issuePermits.issue({ tenantId, service: 'messaging', deadline }, asks);
  }

  /** `permit`, or the reason of the denial without its prefix. */
  async outcome(tenantId: string, ask: Ask): Promise<string> {
    const { answers } = await this.issue(tenantId, ask);
    return outcomeOf(answers[0]!);
  }

  /** One piece of work of an import; the process that did it is killed before it does another. */
  async step(tenantId: string, ref: string): Promise<void> {
    const nothing = (): Promise<void> => Promise.resolve();
    await this.worker.step({ tenantId, ref, attempt: 1, done: nothing, putOff: nothing });
  }

  /** How many rows of files wait. As the role that may look. */
  async staged(tenantId: string): Promise<number> {
    const [row] = await this.uow.run(
      tenantId,
      (tx) =>
        tx.query<{ n: number }>('select count(*)::int as n from import_row where tenant_id = $1', [tenantId]),
      { role: 'import' },
    );
    return row!.n;
  }

  /** What an order of erasure does to the rows here; the whole way of one is in contacts.spec.ts. */
  async erase(tenantId: string, contactId: string, { objects = false } = {}): Promise<void> {
    const order: Order = {
      ...{ orderId: newId(), requestId: newId(), orderNumber: 1, subjectId: contactId, kind: 'contact' },
      ...{ subjectIds: [contactId], handle: '', objects, corrects: false },
    };
    const tables = subjectTablesOf(await manifestOfService(contacts))
      .filter(({ schema }) => schema === 'public')
      // Evidence hangs on its entry.
      .sort(
        (one, other) => Number(other.table === 'consent_evidence') - Number(one.table === 'consent_evidence'),
      );
    await this.uow.run(
      tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, [contactId]);
        await this.erasing.before(tx, [order]);
        for (const { table, subject } of tables) {
          await tx.execute(`delete from ${table} where tenant_id = $1 and ${subject} = $2`, [
            tenantId,
            contactId,
          ]);
        }
        await this.erasing.after(tx, [order]);
        await raiseFence(tx, [contactId]);
      },
      { role: 'eraser' },
    );
  }

  /** Nobody can read or make a key meanwhile. */
  async whileKeysAreHeld(work: () => Promise<void>): Promise<void> {
    await withSuperuser(this.keys, async (client) => {
      await client.query('begin; lock table heed.subject_key in access exclusive mode');
      await work();
    });
  }

  /** Resolves once some connection waits for a lock of this one. */
  async somebodyWaitsFor(pid: number): Promise<void> {
    await withSuperuser(this.main, async (client) => {
      for (;;) {
        const { rowCount } = await client.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and $1 = any (pg_blocking_pids(pid))`,
          [pid],
        );
        if (rowCount) return;
      }
    });
  }

  /** Receives a file and merges all of it. */
  async import(tenantId: string, listId: string, csv: string | Buffer): Promise<Import> {
    const { importId } = await this.receiving.receive(tenantId, listId, pieces(csv));
    await this.worker.due.runDue();
    return (await this.as(tenantId, (tx) => importById(tx, importId)))!;
  }
}

export function outcomeOf({ answer }: contactsV1.PermitAnswer): string {
  if (answer?.$case === 'permit') return 'permit';
  return contactsV1.DenialReason[answer?.value.reason ?? 0]!.replace('DENIAL_REASON_', '').toLowerCase();
}

export async function* pieces(content: string | Buffer, size = 4_096): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The reason that a piece of work is refused with. */
export async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
  return 'accepted';
}

async function withSuperuser(
  database: TestDatabase,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
