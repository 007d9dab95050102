export {
  campaignsV1,
  contactsV1,
  datarightsV1,
  identityV1,
  messagingV1,
  privacyV1,
  telephonyV1,
  typesV1,
} from './packages.generated.js';
export { messageRules, rpcRules } from './rules.generated.js';
export type { FieldRule, RpcRule } from './rules.js';
export {
  AttemptConcluded,
  DeliveryReported,
  EngagementRecorded,
  CallConcluded,
  ConsentChanged,
  CampaignHeld,
  DispatchRequested,
  embeddedCodecs,
  eventTypes,
  HoldChanged,
  MemberMessageRequested,
  OptOutConfirmationDue,
  SignUpConfirmationDue,
  OrdersIssued,
  RequesterMessageRequested,
  ReceiptSigned,
  SubjectCorrected,
  SubjectErased,
  type Codec,
  type EventType,
} from './events.js';
export { topics, type TopicSpec } from './topics.js';
export { PERMISSIONS, permissionsOf, ROLES } from './permissions.js';
export {
  ALL_OUTREACH,
  coversPurpose,
  isForSingleMessages,
  isReserved,
  OPT_OUT_CONFIRMATION,
  SIGN_UP_CONFIRMATION,
  OWN_PURPOSES,
  ownPurpose,
  type OwnPurpose,
  type PurposeBasis,
} from './purposes.js';
export { isServiceName, SERVICES, type ServiceName } from './services.js';
export { descriptorSet } from './descriptor-set.js';
