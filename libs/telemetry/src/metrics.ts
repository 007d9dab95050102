import { metrics as api, type Counter, type Histogram, type ObservableResult } from '@opentelemetry/api';
import { type AllowedFields, reduceFields } from './fields.js';

export interface InstrumentOptions {
  /** What one sees in it, in a sentence. */
  description: string;
  /** UCUM: ms, s, By, {event}. */
  unit?: string;
}

/** Instruments are named heed_<what>_<unit>; labels are fields of the allow-list, and never ids of persons. */
export const metrics = {
  counter(name: string, options: InstrumentOptions) {
    // Made at the first use: the API hands out a no-op for ever to whoever asks before the SDK has started.
    let instrument: Counter | undefined;
    return {
      add(value: number, fields: AllowedFields = {}): void {
        instrument ??= api.getMeter('heed').createCounter(name, options);
        instrument.add(value, reduceFields(fields));
      },
    };
  },

  histogram(name: string, options: InstrumentOptions) {
    let instrument: Histogram | undefined;
    return {
      record(value: number, fields: AllowedFields = {}): void {
        instrument ??= api.getMeter('heed').createHistogram(name, options);
        instrument.record(value, reduceFields(fields));
      },
    };
  },

  /** Asked whenever metrics are collected. Answers how to stop being asked. */
  gauge(name: string, options: InstrumentOptions, read: () => number): () => void {
    const instrument = api.getMeter('heed').createObservableGauge(name, options);
    const observe = (result: ObservableResult): void => result.observe(read());
    instrument.addCallback(observe);
    return () => instrument.removeCallback(observe);
  },
};
