import { type CrossRule, type Rule } from '../rule.js';
import { campaignsRules } from './campaigns.js';
import { contactsRules } from './contacts.js';
import { dataMapRules } from './data-map.js';
import { eventRules } from './events.js';
import { frameRules } from './frame.js';
import { logRules } from './log.js';
import { messagingRules } from './messaging.js';
import { privacyRules } from './privacy.js';
import { processorRules } from './processors.js';
import { requestRules } from './requests.js';
import { sweepRules } from './sweeps.js';
import { telephonyRules } from './telephony.js';
import { wallRules } from './wall.js';

/** Every promise that is looked for. */
export const RULES: (Rule | CrossRule)[] = [
  ...contactsRules,
  ...campaignsRules,
  ...messagingRules,
  ...telephonyRules,
  ...privacyRules,
  ...requestRules,
  ...processorRules,
  ...logRules,
  ...sweepRules,
  ...frameRules,
  ...eventRules,
  ...dataMapRules,
  ...wallRules,
];
