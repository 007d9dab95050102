// Generated from proto/ by `npm run proto`. Do not edit.

export * as campaignsV1 from './packages/campaigns-v1.generated.js';
export * as contactsV1 from './packages/contacts-v1.generated.js';
export * as datarightsV1 from './packages/datarights-v1.generated.js';
export * as identityV1 from './packages/identity-v1.generated.js';
export * as messagingV1 from './packages/messaging-v1.generated.js';
export * as privacyV1 from './packages/privacy-v1.generated.js';
export * as telephonyV1 from './packages/telephony-v1.generated.js';
export * as typesV1 from './packages/types-v1.generated.js';
