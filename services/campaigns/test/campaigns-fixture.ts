import { DispatchRequested, topics, type campaignsV1, type privacyV1 } from '@heed/contracts';
import { DueWork, TellActs } from '@heed/data-rights';
import { Outbox } from '@heed/events';
import { newId, type Caller } from '@heed/kernel';
import { type Database, lockSubjectsForErasure, raiseFence, UnitOfWork, type Tx } from '@heed/postgres';
import { RequestReplay, type RpcClients } from '@heed/rpc';
import { migrationsOf } from '@heed/service';
import { logger } from '@heed/telemetry';
import { createTestDatabase, TestClock, type MortalProcess, type TestDatabase } from '@heed/testing';
import { type Campaign, type Channel, type Command } from '../src/campaigns/campaign.js';
import { CampaignEntity } from '../src/campaigns/campaign.entity.js';
import { campaignById, insertCampaign } from '../src/campaigns/campaign.store.js';
import { CommandCampaign } from '../src/campaigns/command-campaign.js';
import { ListCountries } from '../src/campaigns/list-countries.js';
import { campaignSeen } from '../src/campaigns/see-campaigns.js';
import { type Step } from '../src/campaigns/step.js';
import { StepEditEntity } from '../src/campaigns/step-edit.entity.js';
import { StepEntity } from '../src/campaigns/step.entity.js';
import { insertSteps } from '../src/campaigns/step.store.js';
import { ChangeSteps } from '../src/campaigns/change-steps.js';
import { UpdateStep } from '../src/campaigns/update-step.js';
import { DispatchDue, type PlanningLease } from '../src/dispatch/dispatch-due.js';
import { type Pacer } from '../src/dispatch/pacer.js';
import { CampaignChanges } from '../src/ledger/campaign-changes.js';
import { ConcludeIntents } from '../src/ledger/conclude-intents.js';
import { FollowEnds } from '../src/ledger/follow-ends.js';
import { IntentEntity } from '../src/ledger/intent.entity.js';
import { LedgerEntity, SkipEntity } from '../src/ledger/ledger.entity.js';
import { ledgersOf, openLedger } from '../src/ledger/ledger.store.js';
import { type Ledger } from '../src/ledger/ledger.js';
import { ResolutionEntity } from '../src/ledger/resolution.entity.js';
import { StepLedgerEntity, StepSkipEntity } from '../src/ledger/step-ledger.entity.js';
import { openStepLedgers, stepLedgersOf } from '../src/ledger/step-ledger.store.js';
import { PlanAudience } from '../src/planning/plan-audience.js';
import { campaigns as service } from '../src/service.js';
import { AttachmentEntity } from '../src/templates/attachment.entity.js';
import { TemplateEntity } from '../src/templates/template.entity.js';
import { insertTemplate } from '../src/templates/template.store.js';

export const migrations = { name: 'campaigns', directory: new URL('../migrations/', import.meta.url) };

const entities = [
  ...[TemplateEntity, CampaignEntity, StepEntity, StepEditEntity, LedgerEntity, SkipEntity, IntentEntity],
  ...[StepLedgerEntity, StepSkipEntity, ResolutionEntity, AttachmentEntity],
];

/** What a draft has that others have not. */
type Draft = Partial<Campaign> & { further?: readonly Step[]; text?: Partial<TemplateEntity> };

type Members = (request: {
  afterContactId: string;
  limit: bigint;
}) => AsyncIterable<{ contactIds: string[] }>;

/** The use cases of campaigns on a database of their own, at a time and with a list that the spec decides. */
export class CampaignsFixture {
  readonly uow: UnitOfWork;
  private readonly opened: Database;
  readonly tenantId = newId();
  /** The list of every campaign here, in order of id. */
  members: string[] = [];
  /** Where its people live, as contacts counts them. */
  living: Record<string, number> = {};
  readonly countries: ListCountries;
  /** How the list is streamed; a spec may break it off. */
  stream: Members = (request) => this.inBatches(request);
  readonly changes: CampaignChanges;
  /** What privacy was told that members did. */
  readonly audited: privacyV1.AuditEntry[] = [];
  privacyIsAway = false;
  readonly due: DueWork;
  readonly audit: TellActs;
  readonly concludeIntents: ConcludeIntents;
  readonly dispatchDue: DispatchDue;
  readonly planAudience: PlanAudience;
  readonly commanding: CommandCampaign;
  readonly updating: UpdateStep;
  readonly changing: ChangeSteps;

  private constructor(
    readonly database: TestDatabase,
    opened: Database,
    readonly clock = new TestClock(),
  ) {
    const changes = (this.changes = new CampaignChanges(clock));
    this.concludeIntents = new ConcludeIntents(changes, new FollowEnds(), clock);
    this.opened = opened;
    this.uow = new UnitOfWork(this.opened);
    const outbox = new Outbox({ service: 'campaigns', topics, clock, committed: () => undefined });
    const lists = {
      streamMembers: (request: never) => this.stream(request),
      countCountries: async () => ({
        countries: Object.entries(this.living).map(([country, n]) => ({ country, contacts: BigInt(n) })),
      }),
    };
    const recordAccess = async ({ entries }: privacyV1.RecordAccessRequest) => {
      if (this.privacyIsAway) throw new Error('AWAY');
      this.audited.push(...entries);
      return {};
    };
    const clients = { of: () => ({ ...lists, recordAccess }) } as unknown as RpcClients;
    const countries = (this.countries = new ListCountries(this.uow, clients));
    const pacer = { wake: () => undefined } as unknown as Pacer;
    this.dispatchDue = new DispatchDue(this.uow, outbox, changes, clock);
    this.planAudience = new PlanAudience(this.uow, clients, changes, countries, outbox, clock);
    this.due = new DueWork({ work: this.uow, clock, log: logger({ component: 'due-work' }) });
    const acts = { service: 'campaigns', work: this.uow, due: this.due, clients, clock };
    const audit = (this.audit = new TellActs(acts));
    this.updating = new UpdateStep(this.uow, changes, audit, clock);
    this.changing = new ChangeSteps(this.uow, new RequestReplay(clock), changes, audit, clock);
    this.commanding = new CommandCampaign(this.uow, outbox, pacer, changes, countries, audit, clock);
  }

  static async create(): Promise<CampaignsFixture> {
    const database = await createTestDatabase('campaigns', migrationsOf(service));
    return new CampaignsFixture(database, database.open({ entities, poolSizes: { service: 24, eraser: 8 } }));
  }

  /** A process beside this one, on the same database and list, that may die of what it does. */
  inProcess(mortal: MortalProcess): CampaignsFixture {
    const beside = new CampaignsFixture(
      this.database,
      mortal.with(this.database.open({ entities })),
      this.clock,
    );
    beside.stream = (request) => this.stream(request);
    beside.living = this.living;
    return beside;
  }

  /** A process that comes up beside this one, or after it: on the same database, at the same time. */
  beside(): CampaignsFixture {
    return new CampaignsFixture(this.database, this.opened, this.clock);
  }

  /** A draft to a list of so many new contacts. */
  async draft(size: number, { further = [], text = {}, ...more }: Draft = {}): Promise<string> {
    this.members = Array.from({ length: size }, () => newId()).sort();
    const tenantId = more.tenantId ?? this.tenantId;
    const campaign: Campaign = {
      ...{ tenantId, campaignId: newId(), name: 'Autumn', listId: newId(), templateId: newId() },
      ...{ channel: 'email', purpose: 'marketing', ratePerSecond: 1000, audienceLimit: 0n, state: 'draft' },
      ...{ createdAt: this.clock.now(), startedAt: null, finishedAt: null, heldFor: null, approvedBy: null },
      ...{ startAt: null, confirmedBy: null, revision: 0, labelsDue: [], labelWaiver: null },
      ...more,
    };
    await this.uow.run(tenantId, async (tx) => {
      await insertTemplate(tx, { ...template(tx, campaign.templateId), ...text });
      await insertCampaign(tx, campaign);
      const steps = stepsFor(campaign, further);
      for (const { templateId, channel } of further) {
        await insertTemplate(tx, template(tx, templateId, channel));
      }
      await insertSteps(tx, campaign.campaignId, steps);
      await openLedger(tx, campaign.campaignId, this.clock.now());
      await openStepLedgers(tx, campaign.campaignId, steps, this.clock.now());
    });
    return campaign.campaignId;
  }

  /** A campaign whose audience is planned. */
  async running(size: number, more: Partial<Campaign> & { further?: readonly Step[] } = {}): Promise<string> {
    const campaignId = await this.draft(size, more);
    await this.command(campaignId, 'start', more.tenantId);
    await this.planAudience.plan(await this.lease(), new AbortController().signal);
    return campaignId;
  }

  command(
    campaignId: string,
    command: Command,
    tenantId = this.tenantId,
    actorId = 'ada',
    startAt?: Date,
  ): Promise<campaignsV1.Campaign> {
    const given = startAt ? { startAt } : {};
    return this.commanding.run({ ...this.caller, tenantId, actorId }, campaignId, command, given);
  }

  /** Some member of the tenant. */
  get caller(): Caller {
    return { tenantId: this.tenantId, kind: 'member', actorId: 'ada', method: 'Command' } as Caller;
  }

  /** A template beside those of drafts. */
  async template(text: Partial<TemplateEntity> = {}): Promise<string> {
    const templateId = newId();
    await this.uow.run(this.tenantId, (tx) =>
      insertTemplate(tx, { ...template(tx, templateId, text.channel), ...text }),
    );
    return templateId;
  }

  async lease(): Promise<PlanningLease> {
    for (;;) {
      const step = await this.dispatchDue.step();
      if (step.did === 'lease') return step.lease;
      if (step.did === 'nothing') throw new Error('nothing is to be planned');
    }
  }

  /** Lets the time of one step pass, and does all that is due then. */
  async advance(ms = 100): Promise<void> {
    await this.clock.advance(ms);
    while ((await this.dispatchDue.step()).did === 'something');
  }

  /** As callers see it. */
  seen(campaignId: string): Promise<campaignsV1.Campaign> {
    return this.uow.run(this.tenantId, (tx) => campaignSeen(tx, campaignId));
  }

  async stateOf(campaignId: string, tenantId = this.tenantId): Promise<string> {
    return this.uow.run(tenantId, async (tx) => (await campaignById(tx, campaignId)).state);
  }

  async ledgerOf(campaignId: string, tenantId = this.tenantId): Promise<Ledger> {
    return this.uow.run(
      tenantId,
      async (tx) => (await ledgersOf(tx, [campaignId])).get(campaignId) as Ledger,
    );
  }

  /** The ledgers of its steps, by number. */
  async stepLedgersOf(campaignId: string, tenantId = this.tenantId): Promise<Map<number, Ledger>> {
    return this.uow.run(
      tenantId,
      async (tx) => (await stepLedgersOf(tx, [campaignId])).get(campaignId) as Map<number, Ledger>,
    );
  }

  /** The same, counted from the intents by a statement that shares nothing with the code. */
  async recount(campaignId: string, tenantId = this.tenantId): Promise<Ledger> {
    return this.uow.run(tenantId, async (tx) => {
      const [row] = await tx.query<Record<string, string>>(
        `select count(*) audience, count(*) filter (where outcome = 'sent') sent,
           count(*) filter (where outcome = 'skipped') skipped, count(*) filter (where outcome = 'failed') failed,
           count(*) filter (where outcome = 'unknown') unknown, count(*) filter (where state <> 'concluded') open,
           count(*) filter (where state = 'deferred') deferred
         from intent where campaign_id = $1`,
        [campaignId],
      );
      const reasons = await tx.query<{ reason: string; n: string }>(
        `select reason, count(*) n from intent where campaign_id = $1 and outcome = 'skipped' group by reason`,
        [campaignId],
      );
      const counted = Object.fromEntries(Object.entries(row ?? {}).map(([key, n]) => [key, BigInt(n)]));
      const skippedByReason = Object.fromEntries(reasons.map(({ reason, n }) => [reason, BigInt(n)]));
      return { ...counted, skippedByReason } as unknown as Ledger;
    });
  }

  /** What was handed to senders, in order. */
  async dispatched(): Promise<campaignsV1.DispatchRequested[]> {
    const { rows } = await this.opened
      .pool('relay')
      .query<{ payload: Buffer }>('select payload from heed.outbox where type = $1 order by seq', [
        DispatchRequested.name,
      ]);
    return rows.map(({ payload }) => DispatchRequested.codec.decode(payload));
  }

  /** As a sender says it, who was told the campaign with the intent. */
  async conclude(
    ends: {
      intentId: string;
      campaignId?: string;
      outcome?: 'sent' | 'skipped' | 'failed' | 'unknown';
      reason?: string | undefined;
      isLater?: boolean;
    }[],
    tenantId = this.tenantId,
  ): Promise<void> {
    const told = await this.uow.run(this.tenantId, (tx) =>
      tx.query<{ intent_id: string; campaign_id: string }>(
        'select intent_id, campaign_id from intent where intent_id = any ($1::uuid[])',
        [ends.map(({ intentId }) => intentId || null)],
      ),
    );
    const campaigns = new Map(told.map((row) => [row.intent_id, row.campaign_id]));
    await this.uow.run(tenantId, (tx) =>
      this.concludeIntents.asSendersSay(
        tx,
        ends.map(({ intentId, campaignId, outcome = 'sent', reason = null, isLater = false }) => ({
          ...{ intentId, campaignId: campaignId ?? campaigns.get(intentId) ?? newId(), outcome, reason },
          isLater,
        })),
      ),
    );
  }

  /** As a sender says it that could not begin yet. */
  async defer(
    deferrals: { intentId: string; campaignId: string; until: Date; deferrals?: number }[],
  ): Promise<void> {
    await this.uow.run(this.tenantId, (tx) =>
      this.concludeIntents.asSendersSay(
        tx,
        [],
        deferrals.map((deferral) => ({ deferrals: 0, reason: 'quiet_hours', ...deferral })),
      ),
    );
  }

  /** As messaging reports what came back for good. */
  async bounce(events: { intentId: string; campaignId: string }[], tenantId = this.tenantId): Promise<void> {
    await this.uow.run(tenantId, (tx) =>
      this.concludeIntents.asDeliveriesSay(
        tx,
        events.map(({ intentId, campaignId }) => ({
          ...{ intentId, campaignId, isLater: true, onlyUnknown: true, outcome: 'failed', reason: '5_1_1' },
        })),
        events,
      ),
    );
  }

  optOut(contactIds: string[], more: { channel?: 'email' | 'voice'; purpose?: string } = {}): Promise<void> {
    const { channel = null, purpose = null } = more;
    return this.uow.run(this.tenantId, (tx) =>
      this.concludeIntents.afterOptOuts(
        tx,
        contactIds.map((contactId) => ({ contactId, channel, purpose })),
      ),
    );
  }

  /** As the executor of orders does it: lock, conclude, cut off, raise the fence. */
  erase(contactIds: string[]): Promise<void> {
    return this.uow.run(
      this.tenantId,
      async (tx) => {
        await lockSubjectsForErasure(tx, contactIds);
        await this.concludeIntents.beforeErasure(tx, contactIds);
        await tx.execute(
          `update intent set contact_id = null, intent_id = null where contact_id = any ($1::uuid[])`,
          [contactIds],
        );
        await raiseFence(tx, contactIds);
      },
      { role: 'eraser' },
    );
  }

  private async *inBatches({ afterContactId, limit }: { afterContactId: string; limit: bigint }) {
    const wanted = this.members.filter((id) => id > afterContactId);
    const rest = limit === 0n ? wanted : wanted.slice(0, Number(limit));
    for (let from = 0; from < rest.length; from += 1000) yield { contactIds: rest.slice(from, from + 1000) };
  }
}

function stepsFor(campaign: Campaign, further: readonly Step[]): Step[] {
  const { channel, templateId, ratePerSecond } = campaign;
  const first = { follows: null, outcomes: [], reasons: [], delaySeconds: 0, bouncedWithinSeconds: null };
  return [{ step: 1, channel, templateId, ratePerSecond, ...first }, ...further];
}

/** A step that follows the first where it failed, at once. */
export function followingStep(change: Partial<Step> = {}): Step {
  return {
    ...{ step: 2, channel: 'voice', templateId: newId(), ratePerSecond: 1000, follows: 1 },
    ...{ outcomes: ['failed'], reasons: [], delaySeconds: 0, bouncedWithinSeconds: null },
    ...change,
  };
}

function template(tx: Tx, templateId: string, channel: Channel = 'email'): TemplateEntity {
  return {
    ...{ tenantId: tx.tenantId, templateId, name: templateId, channel, subject: 'Hello' },
    ...{ textBody: 'Hello', htmlBody: '', senderName: 'Acme', senderAddress: 'news@acme.example' },
    ...{ postalAddress: '1 Main Street', contactFields: [], createdAt: new Date(0) },
    ...{ kind: 'marketing', variables: [] },
    ...{ trackOpens: false, trackClicks: false, language: '' },
  };
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
