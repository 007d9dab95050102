import { type CrossRule, type Rule } from '../rule.js';
import { contactsRules } from './contacts.js';
import { frameRules } from './frame.js';

/** Every promise that is looked for. */
export const RULES: (Rule | CrossRule)[] = [...contactsRules, ...frameRules];
