// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/datarights/v1/correction.js';
export * from '../gen/heed/datarights/v1/datarights_events.js';
export * from '../gen/heed/datarights/v1/datarights_service.js';
export * from '../gen/heed/datarights/v1/order.js';
export * from '../gen/heed/datarights/v1/receipt.js';
