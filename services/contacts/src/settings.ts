import { frameSettings } from '@heed/config';
import { z } from 'zod';

/** The frame's settings, and what the links and forms of contacts need. */
export const contactsSettings = frameSettings.extend({
  HEED_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Base of the links that leave in messages (unsubscribe, preferences); contacts only.'),
  HEED_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Proxies of yours that a request passes, one after the other; each adds to X-Forwarded-For.'),
});

export type ContactsSettings = z.infer<typeof contactsSettings>;
