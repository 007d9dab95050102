import { frameSettings } from '@heed/config';
import { z } from 'zod';

export const telephonySettings = frameSettings.extend({
  HEED_CARRIER_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Carrier of calls, for example http://127.0.0.1:4080.'),
  HEED_CALLER_ID: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/)
    .default('+15005550006')
    .describe('Number that called people see, in E.164.'),
  HEED_CALL_LINES: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(20)
    .describe(
      'Calls at once in one process. No more permits are asked for; further calls wait, for a while.',
    ),
});

export type TelephonySettings = z.infer<typeof telephonySettings>;
