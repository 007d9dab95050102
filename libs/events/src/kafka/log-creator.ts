import { type Logger } from '@heed/telemetry';
import { logLevel, type logCreator } from 'kafkajs';

/**
 * kafkajs logs normal states (a rebalance, a broker that restarts) as errors, with the texts of exceptions. What matters
 * to us is told by our own states and retries; what kafkajs has to say beyond is counted by its name and reduced.
 */
export function logCreatorFor(log: Logger): logCreator {
  return () =>
    ({ level, log: entry }) => {
      if (level !== logLevel.ERROR) return;
      const error: unknown = entry['error'];
      const name = typeof error === 'string' ? error : entry.message;
      if (NORMAL.some((pattern) => pattern.test(name) || pattern.test(entry.message))) return;
      log.warn('kafka client reports an error', {
        component: 'kafkajs',
        ...(isError(error) ? { error } : {}),
      });
    };
}

const NORMAL = [
  /rebalanc/i,
  /The coordinator is not aware of this member/,
  /Offset out of range/,
  /Connection (error|timeout)|ECONNREFUSED|ECONNRESET|Closed connection/,
  /The group coordinator is not available|not the correct coordinator|coordinator is loading/i,
  /There is no leader for this topic-partition|does not host this topic-partition/,
  /^Crash:|Restarting the consumer|Failed to connect/,
];

function isError(value: unknown): value is Error {
  return value instanceof Error;
}
