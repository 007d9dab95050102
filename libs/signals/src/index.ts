export { Signals, SignalsOff, type SignalData, type Unsubscribe } from './signals.js';
export { NatsSignals, type NatsSignalsOptions } from './nats-signals.js';
export { connectSignals } from './connect-signals.js';
