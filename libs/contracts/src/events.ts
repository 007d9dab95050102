import {
  campaignsV1,
  contactsV1,
  datarightsV1,
  identityV1,
  messagingV1,
  privacyV1,
  telephonyV1,
} from './packages.generated.js';
import { eventRules, messageRules } from './rules.generated.js';
import type { EventRule, FieldRule } from './rules.js';
import { SERVICES, type ServiceName } from './services.js';

/** Encoder and decoder of a message, as ts-proto generates them. */
export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(input: Uint8Array): T;
  /** Protobuf's JSON, for people and foreign programs. */
  toJSON(message: T): unknown;
}

/** An event that a service publishes: its name, topic, key and codec. */
export interface EventType<T> {
  /** CloudEvents `type`: the message's full name. */
  name: string;
  /** Kafka topic, without an installation's prefix. */
  topic: string;
  /** Service that publishes it; nobody else may. */
  producer: ServiceName;
  keyField: keyof T & string;
  subjectField?: keyof T & string;
  /** Takes a number under its subject's row lock. */
  ordered: boolean;
  codec: Codec<T>;
  /** Rules of the payload's fields, checked at publish (I3). */
  fields: Record<string, FieldRule>;
}

function eventType<T>(name: string, codec: Codec<T>, publisher?: ServiceName): EventType<T> {
  const rule = eventRules.find((candidate) => candidate.name === name);
  if (!rule) throw new Error(`${name} is no event: its message has no (heed.options.v1.event)`);
  const producer = publisher ?? producerOf(rule);
  return {
    name,
    topic: rule.topic.replace('*', producer),
    producer,
    keyField: rule.key as keyof T & string,
    ...(rule.subject === undefined ? {} : { subjectField: rule.subject as keyof T & string }),
    ordered: rule.ordered,
    codec,
    fields: messageRules[name] ?? {},
  };
}

/** The producer is the second part of the topic: heed.<producer>.<noun>.v1. */
function producerOf(rule: EventRule): ServiceName {
  return rule.topic.split('.')[1] as ServiceName;
}

export const ConsentChanged = eventType('heed.contacts.v1.ConsentChanged', contactsV1.ConsentChanged);
export const OptOutConfirmationDue = eventType(
  'heed.contacts.v1.OptOutConfirmationDue',
  contactsV1.OptOutConfirmationDue,
);
export const SignUpConfirmationDue = eventType(
  'heed.contacts.v1.SignUpConfirmationDue',
  contactsV1.SignUpConfirmationDue,
);
export const SubjectErased = eventType('heed.contacts.v1.SubjectErased', contactsV1.SubjectErased);
export const SubjectCorrected = eventType('heed.contacts.v1.SubjectCorrected', contactsV1.SubjectCorrected);
export const DispatchRequested = eventType(
  'heed.campaigns.v1.DispatchRequested',
  campaignsV1.DispatchRequested,
);
export const CampaignHeld = eventType('heed.campaigns.v1.CampaignHeld', campaignsV1.CampaignHeld);
export const AttemptConcluded = eventType('heed.messaging.v1.AttemptConcluded', messagingV1.AttemptConcluded);
export const EngagementRecorded = eventType(
  'heed.messaging.v1.EngagementRecorded',
  messagingV1.EngagementRecorded,
);
export const DeliveryReported = eventType('heed.messaging.v1.DeliveryReported', messagingV1.DeliveryReported);
export const CallConcluded = eventType('heed.telephony.v1.CallConcluded', telephonyV1.CallConcluded);
export const MemberMessageRequested = eventType(
  'heed.identity.v1.MemberMessageRequested',
  identityV1.MemberMessageRequested,
);
export const RequesterMessageRequested = eventType(
  'heed.privacy.v1.RequesterMessageRequested',
  privacyV1.RequesterMessageRequested,
);
export const HoldChanged = eventType('heed.privacy.v1.HoldChanged', privacyV1.HoldChanged);
export const OrdersIssued = eventType('heed.datarights.v1.OrdersIssued', datarightsV1.OrdersIssued);

/** Each service answers orders on a topic of its own. */
export const ReceiptSigned = Object.fromEntries(
  SERVICES.map((service) => [
    service,
    eventType('heed.datarights.v1.ReceiptSigned', datarightsV1.ReceiptSigned, service),
  ]),
) as Record<ServiceName, EventType<datarightsV1.ReceiptSigned>>;

/** Every event of the installation. */
// `never`: a list of event types of different payloads has no payload type in common.
export const eventTypes: EventType<never>[] = [
  ConsentChanged,
  OptOutConfirmationDue,
  SignUpConfirmationDue,
  SubjectErased,
  SubjectCorrected,
  DispatchRequested,
  CampaignHeld,
  AttemptConcluded,
  DeliveryReported,
  EngagementRecorded,
  CallConcluded,
  MemberMessageRequested,
  RequesterMessageRequested,
  HoldChanged,
  OrdersIssued,
  ...Object.values(ReceiptSigned),
] as unknown as EventType<never>[];

/** Codecs of the messages that events hold in encoded form (field rule `embeds`), so that they can be looked into. */
export const embeddedCodecs: Record<string, Codec<unknown>> = {
  'heed.datarights.v1.OrderBatch': datarightsV1.OrderBatch as Codec<unknown>,
};
