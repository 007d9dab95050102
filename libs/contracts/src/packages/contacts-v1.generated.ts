// Generated from proto/ by `npm run proto`. Do not edit.

export * from '../gen/heed/contacts/v1/changes_service.js';
export * from '../gen/heed/contacts/v1/consent.js';
export * from '../gen/heed/contacts/v1/contact.js';
export * from '../gen/heed/contacts/v1/contact_rules.js';
export * from '../gen/heed/contacts/v1/contact_rules_service.js';
export * from '../gen/heed/contacts/v1/contacts_events.js';
export * from '../gen/heed/contacts/v1/contacts_service.js';
export * from '../gen/heed/contacts/v1/permit.js';
export * from '../gen/heed/contacts/v1/sign_up_forms_service.js';
export * from '../gen/heed/contacts/v1/suppression_service.js';
