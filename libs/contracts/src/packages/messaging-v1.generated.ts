// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/messaging/v1/engagement.js';
export * from '../gen/heed/messaging/v1/message.js';
export * from '../gen/heed/messaging/v1/messaging_events.js';
export * from '../gen/heed/messaging/v1/messaging_service.js';
export * from '../gen/heed/messaging/v1/provider_connection.js';
export * from '../gen/heed/messaging/v1/provider_connections_service.js';
export * from '../gen/heed/messaging/v1/sender_domain.js';
export * from '../gen/heed/messaging/v1/sender_domains_service.js';
