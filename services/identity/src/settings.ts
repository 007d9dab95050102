import { frameSettings } from '@heed/config';
import { z } from 'zod';

/** The frame's settings and identity's own. */
export const identitySettings = frameSettings.extend({
  HEED_TOKEN_KEY_FILE: z
    .string()
    .min(1)
    .describe('Ed25519 key that signs access tokens (PKCS#8 PEM); made outside production; identity only.'),
  HEED_ACCESS_TOKEN_TTL: z.coerce
    .number()
    .int()
    .min(60)
    .max(3_600)
    .default(600)
    .describe('Seconds that an access token lives; a session that has ended goes on for as long at most.'),
  HEED_TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Proxies of yours that a request passes, one after the other; each adds to X-Forwarded-For.'),
  HEED_ACCOUNT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Your page where members set passwords: mails lead to /invitation and /password below it, the token after a #. Unset: members are sent no mail.',
    ),
  HEED_BOOTSTRAP_SECRET: z
    .string()
    .min(12)
    .max(200)
    .optional()
    .describe('Lets the first operator be made, once; without it nobody can be.')
    .meta({ secret: true }),
});

export type IdentitySettings = z.infer<typeof identitySettings>;
