import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import { mendRequestQueueTimer } from './request-queue-timer.js';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
  push(request: object): void;
  destroy(): void;
}

const require = createRequire(import.meta.url);
const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as new (options: object) => Queue;

function queue(maxInFlightRequests: number): Queue {
  const logger = { debug: () => undefined, warn: () => undefined };
  return new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 1_000,
    clientId: 'a',
    broker: 'b:1',
    logger,
  });
}

function request(correlationId: number, sent: number[]): object {
  return {
    entry: { correlationId },
    expectResponse: true,
    sendRequest: () => sent.push(correlationId),
  };
}

describe('the timer of a kafkajs connection', () => {
  it('is the one of the version that we mend', () => {
    expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
  });

  it('is set in a queue with nothing to do, before it is mended, and not after', () => {
    jest.useFakeTimers();
    try {
      const before = queue(1);
      before.checkPendingRequests();
      expect(jest.getTimerCount()).toBe(1);
      before.destroy();
      mendRequestQueueTimer();
      mendRequestQueueTimer();
      const after = queue(1);
      after.checkPendingRequests();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('still sends what a throttled broker made wait', () => {
    jest.useFakeTimers();
    try {
      mendRequestQueueTimer();
      const throttled = queue(10);
      const sent: number[] = [];
      throttled.throttledUntil = Date.now() + 250;
      throttled.push(request(1, sent));
      jest.advanceTimersByTime(200);
      expect(sent).toEqual([]);
      jest.advanceTimersByTime(100);
      expect(sent).toEqual([1]);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
