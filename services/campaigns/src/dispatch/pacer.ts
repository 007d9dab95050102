import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Bell, CLOCK, type Clock } from '@heed/kernel';
import { LOGGER, metrics, type Logger } from '@heed/telemetry';
import { PlanAudience } from '../planning/plan-audience.js';
import { DispatchDue, type PlanningLease } from './dispatch-due.js';

/** How late another replica's start, resume or cancel is noticed here, at worst. */
const IDLE_MS = 1_000;
const AFTER_FAILURE_MS = 1_000;
/** Lists that are read at a time; further campaigns wait their turn. */
const MOST_PLANNERS = 4;
const FULL_MS = 500;

const HELD = {
  name: 'heed_campaigns_need_confirmation',
  description:
    'Campaigns whose start is overdue, and that wait for a person to say that they still should start.',
};

/** Drives campaigns: one step after another while any is due, then waits until the next is, or somebody calls. */
@Injectable()
export class Pacer implements OnModuleDestroy {
  private readonly bell: Bell;
  private readonly stopping = new AbortController();
  private readonly planners = new Set<Promise<void>>();
  private running: Promise<void> | undefined;
  private held = 0;
  private forgetGauge: () => void = () => undefined;

  constructor(
    private readonly dispatchDue: DispatchDue,
    private readonly planAudience: PlanAudience,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.bell = new Bell(clock);
  }

  start(): void {
    if (!this.running) this.forgetGauge = metrics.gauge(HELD.name, HELD, () => this.held);
    this.running ??= this.run(this.stopping.signal);
  }

  wake(): void {
    this.bell.ring();
  }

  /** Finishes the step in hand and gives leases back. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.forgetGauge();
    await this.running;
    await Promise.all(this.planners);
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const step = await this.dispatchDue.step();
        if (step.did === 'lease') await this.plan(step.lease, signal);
        if (step.did === 'nothing') this.held = step.held;
        if (step.did === 'nothing') await this.bell.heard(this.untilDue(step.nextDueAt), signal);
      } catch (error) {
        this.log.error('campaigns could not go on', { error });
        await this.clock.wait(AFTER_FAILURE_MS, signal).catch(() => undefined);
      }
    }
  }

  private untilDue(at: Date | undefined): number {
    if (at === undefined) return IDLE_MS;
    return Math.min(Math.max(at.getTime() - this.clock.now().getTime(), 1), IDLE_MS);
  }

  private async plan(lease: PlanningLease, signal: AbortSignal): Promise<void> {
    if (this.planners.size >= MOST_PLANNERS) return this.planAudience.giveBack(lease, FULL_MS);
    const planner = this.planAudience
      .plan(lease, signal)
      .catch((error: unknown) => {
        const { campaignId, tenantId } = lease;
        this.log.warn('audience not planned yet', { campaignId, tenantId, error });
      })
      .finally(() => {
        this.planners.delete(planner);
        this.wake();
      });
    this.planners.add(planner);
  }
}
