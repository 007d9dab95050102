import { type FrameSettings, SETTINGS } from '@heed/config';
import { type campaignsV1, DispatchRequested, typesV1 } from '@heed/contracts';
import { newId } from '@heed/kernel';
import { type Database } from '@heed/postgres';
import { type ServiceDefinition } from '@heed/service';
import { startCluster, type Cluster, type ClusterOptions } from '@heed/testing/cluster';
import { WorkBell } from '../src/dispatch/work-bell.js';
import { SendingSteps, type SendingStep } from '../src/sending/sending-steps.js';
import { messaging } from '../src/service.js';
import { Outside } from './outside.js';
import { SmtpPeer } from './smtp-peer.js';

/** messaging whole, with a real mail server and stand-ins for the services that it calls. */
export class MessagingService {
  readonly tenantId = newId();
  readonly campaignId = newId();
  readonly peer = new SmtpPeer();
  readonly outside = new Outside();
  /** What a spec does at a step. It also sees everything that was concluded. */
  onStep: (step: SendingStep, attemptIds: readonly string[]) => void | Promise<void> = () => undefined;
  cluster!: Cluster;
  templateId!: string;
  database!: Database;
  private ended = 0;
  private commits = 0;
  private waiters: { step: SendingStep; resolve: (attemptIds: readonly string[]) => void }[] = [];

  /** `others` are services that run for real; the rest is stood in for. */
  async start(options: ClusterOptions = {}, others: readonly ServiceDefinition[] = []): Promise<void> {
    await Promise.all([this.peer.start(), this.outside.start()]);
    this.templateId = this.outside.template();
    const env = {
      ...this.outside.env(others.map(({ name }) => name)),
      HEED_SMTP_URL: this.peer.url,
      HEED_SMTP_NAME: 'spec.test',
      ...options.env,
    };
    this.cluster = await startCluster([messaging, ...others], { ...options, env });
    const settings: FrameSettings = this.cluster.service('messaging').get(SETTINGS);
    if (others.length === 0) await this.outside.register(settings.HEED_IDENTITY_GRPC!);
    this.database = this.cluster.database('messaging').open();
    this.watchSteps();
  }

  async stop(): Promise<void> {
    await this.cluster?.stop();
    this.outside.stop();
    await this.peer.stop();
  }

  watchSteps(): void {
    const steps = this.cluster.service('messaging').get(SendingSteps);
    steps.reached = (step, attemptIds) => {
      if (step === 'concluded') this.commits += 1;
      const here = this.waiters.filter((waiter) => waiter.step === step);
      this.waiters = this.waiters.filter((waiter) => waiter.step !== step);
      for (const { resolve } of here) resolve(attemptIds);
      return this.onStep(step, attemptIds);
    };
  }

  /** Publishes requests as campaigns would; answers them. */
  async dispatch(
    contactIds: readonly string[],
    change: Partial<campaignsV1.DispatchRequested> = {},
  ): Promise<campaignsV1.DispatchRequested[]> {
    const requests = contactIds.map((contactId) =>
      DispatchRequested.codec.decode(
        DispatchRequested.codec
          .encode({
            intentId: newId(),
            campaignId: this.campaignId,
            contactId,
            channel: typesV1.Channel.CHANNEL_EMAIL,
            purpose: 'news',
            ...{ step: 1, deferrals: 0 },
            templateId: this.templateId,
            try: 1,
            ...change,
          })
          .finish(),
      ),
    );
    await this.cluster.publish(this.tenantId, DispatchRequested, ...requests);
    return requests;
  }

  /** Resolves when so many more attempts have come to their end and it is written down. */
  async nextEnd(count = 1): Promise<void> {
    const target = this.ended + count;
    for (;;) {
      const seen = this.commits;
      this.ended = await this.countEnded();
      if (this.ended >= target) return;
      if (seen === this.commits) await this.nextStep('concluded');
    }
  }

  /** Looks for work now, and not at the next second. */
  hurry(): void {
    this.cluster.service('messaging').get(WorkBell).ring(this.tenantId);
  }

  /** Resolves when a step is reached the next time. */
  nextStep(step: SendingStep): Promise<readonly string[]> {
    return new Promise((resolve) => this.waiters.push({ step, resolve }));
  }

  /** Every attempt, as the database has it. */
  async attempts(): Promise<
    { contactId: string; state: string; outcome: string; reason: string; lateMs: number }[]
  > {
    const { rows } = await this.database
      .pool('probe')
      .query('select contact_id, state, outcome, reason, late_ms from attempt order by row_id');
    return rows.map((row) => ({
      contactId: row.contact_id,
      state: row.state,
      outcome: row.outcome ?? '',
      reason: row.reason,
      lateMs: row.late_ms,
    }));
  }

  private async countEnded(): Promise<number> {
    const { rows } = await this.database
      .pool('probe')
      .query<{ count: number }>(`select count(*)::int as count from attempt where state = 'concluded'`);
    return rows[0]!.count;
  }
}
