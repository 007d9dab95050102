import { type CrossRule, type Rule } from '../rule.js';
import { campaignsRules } from './campaigns.js';
import { contactsRules } from './contacts.js';
import { frameRules } from './frame.js';
import { messagingRules } from './messaging.js';

/** Every promise that is looked for. */
export const RULES: (Rule | CrossRule)[] = [
  ...contactsRules,
  ...campaignsRules,
  ...messagingRules,
  ...frameRules,
];
