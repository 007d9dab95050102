export { type AllowedFields } from './fields.js';
export { logger, LOGGER, type Logger, type LoggerOptions, type LogFields } from './logger.js';
export { metrics, type InstrumentOptions } from './metrics.js';
export { reduceError, type ReducedError } from './reduce-error.js';
export { stopTelemetry } from './running.js';
export {
  currentSpanIds,
  currentTraceparent,
  withCausedSpan,
  withRemoteParent,
  withSpan,
  type SpanHandle,
  type SpanSettings,
} from './spans.js';
