// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/campaigns/v1/campaign.js';
export * from '../gen/heed/campaigns/v1/campaigns_events.js';
export * from '../gen/heed/campaigns/v1/campaigns_service.js';
export * from '../gen/heed/campaigns/v1/template.js';
