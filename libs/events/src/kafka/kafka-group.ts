import { backoffMs } from '../backoff.js';
import { type GroupState, type Quarantine, type Subscription } from '../bus.js';
import { isMissingTopic } from './broker-admin.js';
import { KafkaSession, type SessionOptions } from './kafka-session.js';

/** A group's member in this process: a session after another, until it is stopped or finds a log that is not its own. */
export class KafkaGroup implements Subscription {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private session: KafkaSession | undefined;
  private found: Quarantine | undefined;
  private joined = false;

  constructor(private readonly options: SessionOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  state(): GroupState {
    const { consumer } = this.options.sink;
    const common = { consumer, lag: this.session?.lag ?? 0, caughtUp: this.session?.caughtUp ?? false };
    if (this.found) return { ...common, state: 'quarantined', quarantine: this.found };
    if (this.running === undefined || this.stopping.signal.aborted) return { ...common, state: 'stopped' };
    if (!this.joined) return { ...common, state: 'starting' };
    return { ...common, state: this.session?.retrying ? 'retrying' : 'running' };
  }

  private async run(): Promise<void> {
    const { clock, log, sink } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted && !this.found;) {
      const session = (this.session = new KafkaSession(this.options));
      const stop = (): void => void session.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await session.open();
        this.joined = true;
        const end = await session.ended;
        if (end.kind === 'quarantined') sink.quarantined((this.found = end.found));
        if (end.kind === 'crashed') throw end.error;
        failures = 0;
      } catch (error) {
        failures += 1;
        const reason = isMissingTopic(error) ? 'TOPIC_MISSING' : undefined;
        log.warn('consumer restarts', { consumer: sink.consumer, tries: failures, reason, error });
      } finally {
        signal.removeEventListener('abort', stop);
        await session.close();
      }
      if (failures > 0) await clock.wait(backoffMs(failures), signal).catch(() => undefined);
    }
  }
}
