import { hostname } from 'node:os';
import { frameSettings } from '@heed/config';
import { z } from 'zod';

export const messagingSettings = frameSettings.extend({
  HEED_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .describe('Mail server: smtp://user:password@host:port (STARTTLS where offered) or smtps://.'),
  HEED_SMTP_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(40)
    .describe(
      'Connections to the mail server. As many messages leave at once, and no more permits are asked for.',
    ),
  HEED_SMTP_NAME: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,255}$/)
    .default(() => hostname())
    .describe('Name of this sender in EHLO.'),
});

export type MessagingSettings = z.infer<typeof messagingSettings>;
