export { createEvents, busSettingsOf, type BusSettings, type Events, type EventsOptions } from './events.js';
export { Outbox, type AddOptions, type OutboxOptions } from './outbox.js';
export { Consumers, type Consumer, type ConsumersOptions } from './consumers.js';
export { type IncomingEvent, type PayloadOf, type ReadableType } from './incoming-event.js';
export { askForReplay, listParkedKeys, type ParkedKey } from './parking.store.js';
export { type Replay } from './replay-parked.js';
export { type RelayStep } from './relay.js';
export { type BusDriver, type GroupState, type Quarantine } from './bus.js';
export { type KafkaSettings } from './kafka/kafka-settings.js';
export {
  applyTopics,
  diffTopics,
  type AppliedTopics,
  type TopicDifference,
  type TopicsOptions,
} from './kafka/topics.js';
export { topicRanges } from './kafka/topic-ranges.js';
export { type Range } from './kafka/broker-admin.js';
export { eventMigrations, infrastructureOfEvents, topicStoresOf } from './infrastructure.js';
export {
  askForResync,
  beginStep,
  enterQuarantine,
  finishStep,
  leaveQuarantine,
  liftQuarantine,
  progressStep,
  readLifts,
  readLiftsByHand,
  isOfLostLife,
  readQuarantine,
  readSteps,
  type QuarantineLift,
  type ServiceQuarantine,
  type StepState,
} from './quarantine.store.js';
export {
  addOffsite,
  allKnowSince,
  beginOffsite,
  endOffsite,
  isOffsiteDue,
  lockOffsite,
  markFilled,
  offsiteDue,
  offsiteLag,
  readOffsiteHead,
  saveOffsiteHead,
  type OffsiteDue,
  type OffsiteHead,
} from './offsite.store.js';
export { beginAfter, beginIncarnation, markWitnessed, type Incarnation } from './incarnation.store.js';
export { countRefused } from './inbox.store.js';
export { REFUSED_ERASED } from './inbox.js';
export { partitionOf } from './murmur2.js';
export { tailKafka } from './tail/tail-kafka.js';
export { tailOutboxes } from './tail/tail-outboxes.js';
export { type TailedEvent, type TailOptions } from './tail/tailed-event.js';
