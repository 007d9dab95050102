// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/identity/v1/api_key.js';
export * from '../gen/heed/identity/v1/api_keys_service.js';
export * from '../gen/heed/identity/v1/identity_events.js';
export * from '../gen/heed/identity/v1/identity_service.js';
export * from '../gen/heed/identity/v1/member.js';
export * from '../gen/heed/identity/v1/member_permits_service.js';
export * from '../gen/heed/identity/v1/tenant.js';
