import { type Logger } from '@heed/telemetry';
import kafkajs, { type Kafka } from 'kafkajs';
import { connectionOf, type KafkaSettings } from './kafka-settings.js';
import { logCreatorFor } from './log-creator.js';
import { mendRequestQueueTimer } from './request-queue-timer.js';

/** A kafkajs client as we use it: connection, log and timer set right. */
export function kafkaClient(settings: KafkaSettings, clientId: string, log: Logger): Kafka {
  mendRequestQueueTimer();
  return new kafkajs.Kafka({
    ...connectionOf(settings),
    clientId,
    logLevel: kafkajs.logLevel.ERROR,
    logCreator: logCreatorFor(log),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
  });
}
