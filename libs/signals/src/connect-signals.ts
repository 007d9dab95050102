import { NatsSignals, type NatsSignalsOptions } from './nats-signals.js';
import { SignalsOff, type Signals } from './signals.js';

/** Signals over NATS where there is a URL, none where there is none. Never waits, and never fails for want of a server. */
export function connectSignals(options: Partial<NatsSignalsOptions> = {}): Signals {
  const { url } = options;
  return url === undefined ? new SignalsOff() : new NatsSignals({ ...options, url });
}
