import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '@heed/kernel';
import { PermitDesk } from '@heed/permits';
import { UnitOfWork } from '@heed/postgres';
import { logger, metrics } from '@heed/telemetry';
import { DenyStore, type Deny } from './deny.store.js';

/** Commits of this process are known at once, those of others by looking. In between the table keeps them from arming. */
const LOOK_MS = 500;

/** What was permitted before contacts knew lives no longer than a permit; twice that, and nothing is left to deny. */
export const AFTERWARDS_MS = 2_000;

const log = logger({ component: 'denials' });

/**
 * Denials in memory, for the last check before a byte leaves: the desk voids what it holds about them and what it will be
 * given. Arming reads the table itself (arm-attempts.ts), so none of this need be up to date for silence.
 */
@Injectable()
export class StandingDenials implements OnModuleDestroy {
  private readonly held = new Map<string, () => void>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private forgetGauge: () => void = () => undefined;
  private oldestOptOut: Date | undefined;

  constructor(
    private readonly desk: PermitDesk,
    private readonly uow: UnitOfWork,
    private readonly denies: DenyStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Loads what stands before anything is sent, and keeps looking. */
  async start(): Promise<void> {
    this.forgetGauge = metrics.gauge(
      'heed_opt_out_oldest_unrecorded_seconds',
      {
        description: 'Age of the oldest opt-out that was heard and that contacts has not recorded. Alarm: 60',
        unit: 's',
      },
      () => this.oldestSeconds(),
    );
    await this.look();
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.forgetGauge();
    await this.running;
    for (const release of this.held.values()) release();
  }

  add(tenantId: string, { mailId, contactId, endpointHash }: Omit<Deny, 'reason'>): void {
    if (this.held.has(mailId)) return;
    const who = { tenantId, contactId, endpointHash: endpointHash?.toString('hex') };
    this.held.set(mailId, this.desk.deny(who));
  }

  /** Age in seconds of the oldest opt-out that is not recorded; 0 where there is none. */
  oldestSeconds(): number {
    const since = this.oldestOptOut;
    return since ? Math.max(0, (this.clock.now().getTime() - since.getTime()) / 1_000) : 0;
  }

  async look(): Promise<void> {
    const standing = await this.uow.runAcross('service', (tx) => this.denies.standing(tx));
    const heard = standing
      .filter(({ reason }) => reason === 'opt_out')
      .map(({ heardAt }) => heardAt.getTime());
    this.oldestOptOut = heard.length > 0 ? new Date(heard.reduce((a, b) => Math.min(a, b))) : undefined;
    const unknown = Map.groupBy(
      standing.filter(({ mailId }) => !this.held.has(mailId)),
      ({ tenantId }) => tenantId,
    );
    for (const [tenantId, rows] of unknown) {
      const found = await this.uow.run(tenantId, (tx) =>
        this.denies.byMail(
          tx,
          rows.map(({ mailId }) => mailId),
        ),
      );
      for (const deny of found) this.add(tenantId, deny);
    }
    const present = new Set(standing.map(({ mailId }) => mailId));
    for (const mailId of this.held.keys()) if (!present.has(mailId)) this.releaseLater(mailId);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.clock.wait(LOOK_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.look().catch((error: unknown) => log.warn('denials could not be looked up', { error }));
    }
  }

  private releaseLater(mailId: string): void {
    const release = this.held.get(mailId)!;
    // From here on it is not in the map: should it stand again, it is added again.
    this.held.delete(mailId);
    void this.clock.wait(AFTERWARDS_MS, this.stopping.signal).then(release, release);
  }
}
