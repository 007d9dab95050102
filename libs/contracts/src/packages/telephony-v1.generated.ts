// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/telephony/v1/call.js';
export * from '../gen/heed/telephony/v1/spoken_doubts_service.js';
export * from '../gen/heed/telephony/v1/telephony_events.js';
export * from '../gen/heed/telephony/v1/telephony_service.js';
