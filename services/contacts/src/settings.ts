import { frameSettings } from '@heed/config';
import { z } from 'zod';

/** The frame's settings, of which contacts needs one more than the others. */
export const contactsSettings = frameSettings.extend({
  HEED_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Base of the links that leave in messages (unsubscribe, preferences); contacts only.'),
});

export type ContactsSettings = z.infer<typeof contactsSettings>;
