// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/privacy/v1/datamap_service.js';
export * from '../gen/heed/privacy/v1/holds_service.js';
export * from '../gen/heed/privacy/v1/participants_service.js';
export * from '../gen/heed/privacy/v1/privacy_events.js';
export * from '../gen/heed/privacy/v1/privacy_service.js';
export * from '../gen/heed/privacy/v1/processors_service.js';
export * from '../gen/heed/privacy/v1/request.js';
export * from '../gen/heed/privacy/v1/requester_permits_service.js';
export * from '../gen/heed/privacy/v1/restores_service.js';
export * from '../gen/heed/privacy/v1/sweeps_service.js';
