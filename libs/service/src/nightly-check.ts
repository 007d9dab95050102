import { checkJsonKeys, type Finding } from '@heed/data-map';
import { metrics } from '@heed/telemetry';
import { catalogueFindings } from './data-map.js';
import { type Frame } from './frame.js';

const DAY_MS = 86_400_000;
/** 02:00 UTC. */
const NIGHT_MS = 2 * 3_600_000;

/**
 * I4, every night: somebody may have added a table, a column or a policy by hand since the service started, and keys of
 * json columns are rows, which only a look at all of them shows. It says what it finds and stops nothing: a service that
 * fell silent at night because of a column would cost more than it guards.
 */
export class NightlyCheck {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private found = 0;
  private readonly forgetGauge = metrics.gauge(
    'heed_data_map_findings',
    {
      description:
        'Ways in which the database is not what the data map says, as the last check found them; alarm on any',
    },
    () => this.found,
  );

  constructor(private readonly frame: Pick<Frame, 'manifest' | 'databases' | 'clock' | 'log'>) {}

  start(): void {
    this.running ??= this.run(this.stopping.signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.forgetGauge();
  }

  async check(): Promise<Finding[]> {
    const { manifest, databases, log } = this.frame;
    const findings = [
      ...(await catalogueFindings(manifest, databases.main, databases.keys)),
      ...(await checkJsonKeys(databases.main.pool('probe'), manifest)),
    ];
    for (const { code, where } of findings)
      log.error('not what the data map says', { reason: code, table: where });
    this.found = findings.length;
    return findings;
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.frame;
    while (!signal.aborted) {
      await clock.wait(untilNight(clock.now()), signal).catch(() => undefined);
      if (signal.aborted) return;
      await this.check().catch((error: unknown) => log.error('data map not checked', { error }));
    }
  }
}

function untilNight(now: Date): number {
  const since = (now.getTime() - NIGHT_MS) % DAY_MS;
  return DAY_MS - since;
}
