// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/types/v1/types.js';
